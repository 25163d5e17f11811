/** A run's folder as the report reads it. */
package io.involution.report.run;
