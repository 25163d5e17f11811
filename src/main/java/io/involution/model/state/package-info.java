/** The state of a model as named sections of primitive arrays, in memory and as a file. */
package io.involution.model.state;
