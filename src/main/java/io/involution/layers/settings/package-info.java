/** What the configurations of layers have in common. */
package io.involution.layers.settings;
