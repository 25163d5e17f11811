/** The evaluate and predict commands on the driver, which use a saved model. */
package io.involution.driver.apply;
