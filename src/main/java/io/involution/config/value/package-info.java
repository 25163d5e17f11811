/** Values of options that have a text form of their own. */
package io.involution.config.value;
