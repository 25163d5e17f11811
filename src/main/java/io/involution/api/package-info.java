/**
 * Training from a program of one's own. The types of this package, of {@code io.involution.ml}, and
 * the layers that the library page names are what programs may use: they change only with the job's
 * first version number.
 */
package io.involution.api;
