// How parameters are changed in a step, as io.involution.cuda.update has it.
#pragma once

/** What changes a parameter, in the low bits of its kind; its way is in the others. */
enum Rule { NOTHING, ADAM, NESTEROVS, SGD, MUON };
#define RULE_BITS 3

/** The numbers of a way in a step. */
enum Number { RATE, DECAY, L2, FIRST, FIRST_REST, SECOND, SECOND_REST, EPSILON, NUMBERS };

/** Where the round's table of addresses has them. */
#define RATES 5
