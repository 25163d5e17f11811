/** The driver's process: its output stream and the signals that stop it. */
package io.involution.driver.process;
