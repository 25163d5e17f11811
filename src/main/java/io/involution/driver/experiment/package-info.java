/** The experiment command on the driver: trains the cells of a matrix. */
package io.involution.driver.experiment;
