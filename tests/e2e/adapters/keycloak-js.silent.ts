// The page of Keycloak's documents.
parent.postMessage(location.href, location.origin);
