/** The HTML pages of the report, section by section. */
package io.involution.report.page;
