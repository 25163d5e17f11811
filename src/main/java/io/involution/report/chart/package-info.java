/** Charts as SVG and PNG. */
package io.involution.report.chart;
