"""Operations: what a command set out to do, looked up at the present time like the state of a service.

Nothing runs for an operation to progress; a later command that changes a target's future corrects it in the same step.
"""
