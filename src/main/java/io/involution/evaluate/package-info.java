/** Evaluates a network on test examples and collects what the report shows. */
package io.involution.evaluate;
