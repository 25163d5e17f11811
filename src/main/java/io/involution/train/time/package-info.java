/** Where training is: epochs, rounds and local steps, when it ends, and what is drawn there. */
package io.involution.train.time;
