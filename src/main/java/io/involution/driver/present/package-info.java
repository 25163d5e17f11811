/** What the driver shows: console tables and the files of the report. */
package io.involution.driver.present;
