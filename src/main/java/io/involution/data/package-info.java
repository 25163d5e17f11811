/** Example sources and shards: uint8 images with labels, wherever they come from. */
package io.involution.data;
