/** What the train command does on the driver: from options to a finished run folder. */
package io.involution.driver;
