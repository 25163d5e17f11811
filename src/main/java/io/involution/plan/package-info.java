/** Predicts the cost of a round on a cluster of a given size: a model and its coefficients. */
package io.involution.plan;
