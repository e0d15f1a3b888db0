"use strict";
// What makes reading easier where scripts run. Every page is whole without it.
