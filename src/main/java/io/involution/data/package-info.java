/** Example sources and shards: uint8 images with labels. */
package io.involution.data;
