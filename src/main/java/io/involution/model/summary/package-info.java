/** Parameters, output shapes, and operations of a network, layer by layer. */
package io.involution.model.summary;
