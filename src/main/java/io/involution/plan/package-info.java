/** What a round costs on a cluster that is not there yet: a formula and its coefficients. */
package io.involution.plan;
