/** The options of the commands: names, defaults, bounds, and the types of their values. */
package io.involution.config;
