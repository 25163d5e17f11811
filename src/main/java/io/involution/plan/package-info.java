/** What a round costs on a cluster of a given size: a formula and its coefficients. */
package io.involution.plan;
