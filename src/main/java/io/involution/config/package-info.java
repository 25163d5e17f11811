/** The options of the commands: names, defaults, bounds, and the values that they stand for. */
package io.involution.config;
