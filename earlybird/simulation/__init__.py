"""A shop's days played through the real models and jobs, with the clock moved and no provider that reaches anybody.

`plan`   who they are and what they do when: data, made from a seed
`play`   does it: customers act, agents deliver, beat ticks, the engine sends
`rules`  what each of them should be told, counted from the plan alone, in another way than the system does
"""
