// What makes the pages live. They work without it: every form posts, every link leads somewhere.

import { follow } from "./live.js";
import { tick } from "./time.js";
import { asking } from "./question.js";
import { boxes } from "./boxes.js";
import { examples } from "./examples.js";

// On a narrow screen the present window may be out of sight.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

tick();
asking();
boxes();
examples();
follow();
