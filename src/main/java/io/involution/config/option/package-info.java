/** How options are declared, and how records of them are made. */
package io.involution.config.option;
