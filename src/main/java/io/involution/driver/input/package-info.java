/**
 * What the driver reads before a run: data sources, saved models, images, and the selected
 * networks.
 */
package io.involution.driver.input;
