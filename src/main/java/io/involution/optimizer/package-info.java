/** Muon, an optimizer for matrices, as an updater that DL4J names in {@code model.zip}. */
package io.involution.optimizer;
