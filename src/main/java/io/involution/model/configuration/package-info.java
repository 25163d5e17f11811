/** Reads descriptions of networks that may be anybody's: bounded, and only of known classes. */
package io.involution.model.configuration;
