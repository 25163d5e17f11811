/**
 * What the driver reads before a run: data sources, saved models, pictures, and the chosen
 * networks.
 */
package io.involution.driver.input;
