"use strict";

// Swagger UI sends HTTP Basic with the password flow even when no client was entered: base64 of
// ":" is "Og==". An empty client is not a client, so the header is left out.
function withoutEmptyClient(request) {
  if (request.headers?.Authorization === "Basic Og==") {
    delete request.headers.Authorization;
  }
  return request;
}

const documentation = SwaggerUIBundle({
  dom_id: "#documentation",
  url: "openapi.json",
  oauth2RedirectUrl: new URL("docs/oauth2-redirect", document.baseURI).href,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  // A shared computer in a staff room must not keep anybody signed in.
  persistAuthorization: false,
  // The validator badge would send our document to a stranger.
  validatorUrl: null,
  requestInterceptor: withoutEmptyClient,
});

documentation.initOAuth({ usePkceWithAuthorizationCodeGrant: true });
