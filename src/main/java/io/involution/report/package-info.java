/** Console tables, and the pages that compare runs and networks. */
package io.involution.report;
