// What makes the pages live. They work without it: every form posts, every link leads somewhere.

import { follow } from "./live.js";
import { tick } from "./time.js";
import { asking } from "./question.js";
import { boxes } from "./boxes.js";

tick();
asking();
boxes();
follow();
