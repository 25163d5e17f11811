/** What evaluate and predict do on the driver with a saved model. */
package io.involution.driver.apply;
