/** The weighted mean of worker updates, and the checks that guard it. */
package io.involution.train.average;
