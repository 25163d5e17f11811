/** A matrix of runs: cells, claims between applications, the ledger, and the tables over cells. */
package io.involution.experiment;
