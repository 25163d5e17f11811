/** The layers that model files name, and their DL4J implementations. */
package io.involution.layers;
