/** Reads tar archives entry by entry. */
package io.involution.data.tar;
