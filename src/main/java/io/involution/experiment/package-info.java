/** A matrix of runs that finishes: what cells there are, who runs them, what came of them. */
package io.involution.experiment;
