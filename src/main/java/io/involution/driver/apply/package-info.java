/** The evaluate, predict, classify, and export commands on the driver, which use a saved model. */
package io.involution.driver.apply;
