// Written by npm run generate from the API description.

export interface paths {
    "/api/v1/alert-channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Channels by which alerts go */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["AlertChannel"][];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /** Make a channel: a signed webhook, or e-mail by SMTP */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        config: {
                            /** @enum {string} */
                            kind: "webhook";
                            url: string;
                        } | {
                            from: string;
                            host: string;
                            /** @enum {string} */
                            kind: "email";
                            /** @description Sealed for this host and port, and never shown again */
                            password?: string;
                            /** @default 587 */
                            port?: number;
                            privateCa?: string;
                            /**
                             * @default starttls
                             * @enum {string}
                             */
                            tls?: "direct" | "starttls" | "none";
                            to: string[];
                            username?: string;
                        };
                        /** @default true */
                        enabled?: boolean;
                        /**
                         * @description Which alerts go by it; empty is all
                         * @default []
                         */
                        kinds?: ("credential_expiring" | "credential_dead" | "credential_restored" | "hold_waiting" | "rollout_halted" | "rollout_rolled_back" | "rollout_ready" | "rollback_unproved" | "app_quarantined" | "app_quarantine_ended" | "deletions_pending" | "test")[];
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            config: {
                                [key: string]: unknown;
                            };
                            /** Format: date-time */
                            createdAt: string;
                            enabled: boolean;
                            id: number;
                            /** @enum {string} */
                            kind: "webhook" | "email";
                            kinds: ("credential_expiring" | "credential_dead" | "credential_restored" | "hold_waiting" | "rollout_halted" | "rollout_rolled_back" | "rollout_ready" | "rollback_unproved" | "app_quarantined" | "app_quarantine_ended" | "deletions_pending" | "test")[];
                            name: string;
                            /** @description The signing secret of a webhook, when it was made now; shown once */
                            secret: string | null;
                            /** Format: date-time */
                            updatedAt: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alert-channels/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One channel */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AlertChannel"];
                    };
                };
            };
        };
        /** Change a channel */
        put: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        config: {
                            /** @enum {string} */
                            kind: "webhook";
                            url: string;
                        } | {
                            from: string;
                            host: string;
                            /** @enum {string} */
                            kind: "email";
                            /** @description Sealed for this host and port, and never shown again */
                            password?: string;
                            /** @default 587 */
                            port?: number;
                            privateCa?: string;
                            /**
                             * @default starttls
                             * @enum {string}
                             */
                            tls?: "direct" | "starttls" | "none";
                            to: string[];
                            username?: string;
                        };
                        /** @default true */
                        enabled?: boolean;
                        /**
                         * @description Which alerts go by it; empty is all
                         * @default []
                         */
                        kinds?: ("credential_expiring" | "credential_dead" | "credential_restored" | "hold_waiting" | "rollout_halted" | "rollout_rolled_back" | "rollout_ready" | "rollback_unproved" | "app_quarantined" | "app_quarantine_ended" | "deletions_pending" | "test")[];
                        name: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            config: {
                                [key: string]: unknown;
                            };
                            /** Format: date-time */
                            createdAt: string;
                            enabled: boolean;
                            id: number;
                            /** @enum {string} */
                            kind: "webhook" | "email";
                            kinds: ("credential_expiring" | "credential_dead" | "credential_restored" | "hold_waiting" | "rollout_halted" | "rollout_rolled_back" | "rollout_ready" | "rollback_unproved" | "app_quarantined" | "app_quarantine_ended" | "deletions_pending" | "test")[];
                            name: string;
                            /** @description The signing secret of a webhook, when it was made now; shown once */
                            secret: string | null;
                            /** Format: date-time */
                            updatedAt: string;
                        };
                    };
                };
            };
        };
        post?: never;
        /** Delete a channel */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Deleted */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alert-channels/{id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a webhook's signing secret anew; shown once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            secret: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alert-channels/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a test now */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ok: boolean;
                            problem: string | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alerts, newest first */
        get: {
            parameters: {
                query?: {
                    app?: string;
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    kind?: "credential_expiring" | "credential_dead" | "credential_restored" | "hold_waiting" | "rollout_halted" | "rollout_rolled_back" | "rollout_ready" | "rollback_unproved" | "app_quarantined" | "app_quarantine_ended" | "deletions_pending" | "test";
                    /** @description Most items of the page */
                    limit?: number;
                    /** @description Only those that are not over */
                    open?: "true" | "false";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Alert"][];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One alert, and how it was delivered */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: string | null;
                            /** Format: date-time */
                            createdAt: string;
                            deliveries: {
                                attempts: number;
                                channel: string;
                                channelId: number;
                                deliveredAt: string | null;
                                lastProblem: string | null;
                                nextAttemptAt: string | null;
                                /** @enum {string} */
                                state: "waiting" | "delivered" | "given up";
                            }[];
                            facts: {
                                [key: string]: unknown;
                            } | null;
                            id: string;
                            /** @enum {string} */
                            kind: "credential_expiring" | "credential_dead" | "credential_restored" | "hold_waiting" | "rollout_halted" | "rollout_rolled_back" | "rollout_ready" | "rollback_unproved" | "app_quarantined" | "app_quarantine_ended" | "deletions_pending" | "test";
                            link: string | null;
                            message: string;
                            nextStep: string;
                            resolvedAt: string | null;
                            /** @enum {string} */
                            severity: "info" | "warning" | "critical";
                            title: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List connected apps */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["ConnectedApp"][];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /** Create a connected app as a draft; it sends nothing until it is activated */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description The target's address, as it documents it */
                        baseUrl: string;
                        /** @default scim2 */
                        connector?: string;
                        description?: string | null;
                        /** @description For people; the name unless given */
                        label?: string;
                        /**
                         * @description Most requests at once
                         * @default 8
                         */
                        maxConcurrency?: number;
                        /**
                         * @description Most requests a second; null is no limit
                         * @default null
                         */
                        maxPerSecond?: number | null;
                        /** @description Letters, digits and _, a letter first; it stays */
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConnectedApp"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a connected app */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConnectedApp"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Delete a draft or paused app with its configuration, credential and links */
        delete: {
            parameters: {
                query?: {
                    /** @description Its accounts at the target may stay as they are */
                    accounts?: "leave";
                };
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Deleted */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        /** Change a connected app, effective at once */
        patch: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Another one pauses the app, and its origin needs the credential again */
                        baseUrl?: string;
                        /** @description Another one pauses the app */
                        connector?: string;
                        deactivationLimit?: {
                            count?: number;
                            percent?: number;
                        };
                        description?: string | null;
                        label?: string;
                        /** @description Most requests at once */
                        maxConcurrency?: number;
                        /** @description Most requests a second; null is no limit */
                        maxPerSecond?: number | null;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ChangedApp"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/apps/{app}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a draft work for everyone at once
         * @description Needs the reason in withoutRollout. The careful way is to start a rollout, whose pilot activates the app: POST /apps/{app}/rollouts.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Why everyone is reached at once instead of by a rollout; kept in the audit */
                        withoutRollout?: string;
                    } | null;
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["StartedApp"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/assignments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what grants the app */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: date-time */
                                createdAt: string;
                                /** @enum {string} */
                                kind: "profile" | "permission set" | "permission set group";
                                name: string;
                            }[];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /** Grant the app to everyone who has this profile, permission set or permission set group */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        kind: "profile" | "permission set" | "permission set group";
                        /** @description Of the profile, permission set or permission set group */
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            kind: "profile" | "permission set" | "permission set group";
                            /** @description Due now */
                            links: number;
                            name: string;
                        };
                    };
                };
            };
        };
        /** Take the grant away: those who have no other one lose the app */
        delete: {
            parameters: {
                query: {
                    kind: "profile" | "permission set" | "permission set group";
                    /** @description Of the profile, permission set or permission set group */
                    name: string;
                };
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            kind: "profile" | "permission set" | "permission set group";
                            /** @description Due now */
                            links: number;
                            name: string;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/authorization": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whose authorization an app has, with which scopes, how old it is, and when it is likely to end */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            authorization: components["schemas"]["Authorization"];
                            warnings: {
                                field: string;
                                fix: string;
                                problem: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** End the authorization at the target (RFC 7009) and forget it here */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            endedAtTarget: boolean;
                            problem: string | null;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/authorization/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Enter how long the credential in force lives, as the target documents it */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            /** @description An empty object leaves it to what is learned */
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description The same as a lifetime, as the target shows it
                         */
                        expiresAt?: string;
                        /** @description Since the last refresh */
                        idleSeconds?: number;
                        /** @description From the authorization on */
                        lifetimeSeconds?: number;
                        /** @enum {boolean} */
                        untilRevoked?: true;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            authorization: components["schemas"]["Authorization"];
                            warnings: {
                                field: string;
                                fix: string;
                                problem: string;
                            }[];
                        };
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/authorization/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Renew the access token now; once in the whole fleet, whoever else asks */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            authorization: components["schemas"]["Authorization"];
                            warnings: {
                                field: string;
                                fix: string;
                                problem: string;
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/authorization/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a harmless call with it now */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            authorization: components["schemas"]["Authorization"];
                            warnings: {
                                field: string;
                                fix: string;
                                problem: string;
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/authorize": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin an authorization: gives the target's own page to open, or is done at once where no person is needed
         * @description The answer is taken in the browser that sent this request (a cookie binds it), or pasted by the same caller under authorize/answer.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description A path of this server to go on at afterwards */
                        returnTo?: string;
                    } | null;
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            authorization: components["schemas"]["Authorization"] | null;
                            callbackUrl: string | null;
                            expiresAt: string | null;
                            /** @enum {string} */
                            kind: "visit" | "authorized";
                            /** @description Open it in a browser and consent there; null when that is not needed */
                            url: string | null;
                            warnings: {
                                field: string;
                                fix: string;
                                problem: string;
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/authorize/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give the answer of an authorization: the whole address that the target led the browser to
         * @description For a server that no browser reaches. Only who began the authorization may give its answer.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        answer: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            authorization: components["schemas"]["Authorization"];
                            warnings: {
                                field: string;
                                fix: string;
                                problem: string;
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/client-certificate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the client certificate */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            certificate: string;
                            /** @description SHA-256 */
                            fingerprint: string;
                            issuer: string;
                            /** Format: date-time */
                            notAfter: string;
                            /** Format: date-time */
                            notBefore: string;
                            subject: string;
                        };
                    };
                };
            };
        };
        /** Enter the certificate that is shown to the target and its authorization server (mutual TLS) */
        put: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description PEM; its chain may follow it */
                        certificate: string;
                        /** @description PEM without a passphrase; sealed, and never shown again */
                        privateKey: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            certificate: string;
                            /** @description SHA-256 */
                            fingerprint: string;
                            issuer: string;
                            /** Format: date-time */
                            notAfter: string;
                            /** Format: date-time */
                            notBefore: string;
                            subject: string;
                        };
                    };
                };
            };
        };
        post?: never;
        /** Forget the client certificate and its key */
        delete: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Forgotten */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/configurations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List configuration versions, newest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                author: string;
                                /** Format: date-time */
                                createdAt: string;
                                isActive: boolean;
                                note: string | null;
                                rules: number;
                                version: number;
                            }[];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Save a configuration as a new version, or check it as a dry run
         * @description Of a draft, the app starts with it. Of a working app it serves nobody yet: make a rollout of it, or say in withoutRollout why everyone is reached at once.
         */
        post: {
            parameters: {
                query?: {
                    dryRun?: "true" | "false";
                };
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description The version that it was made of, 0 for none: refused (412) when another was saved meanwhile */
                        baseVersion?: number;
                        /**
                         * @description As the connector's options schema says
                         * @default {}
                         */
                        connectorOptions?: {
                            [key: string]: unknown;
                        };
                        /** @default {} */
                        correlation?: {
                            /**
                             * @default link and update
                             * @enum {string}
                             */
                            adoption?: "link and update" | "link only" | "park";
                            /** @default true */
                            findBeforeCreate?: boolean;
                            /** @description Target attributes that find an existing account, in this order */
                            matchingAttributes?: string[];
                            targetEnforcesUniqueness?: boolean;
                            visibilityDelayMs?: number;
                        };
                        /** @default {} */
                        deprovisioning?: {
                            /**
                             * @default {
                             *       "action": "deactivate"
                             *     }
                             */
                            "assignment lost"?: {
                                /** @enum {string} */
                                action: "deactivate" | "delete" | "unlink" | "leave";
                                /** @description With "deactivate" only */
                                deleteAfterDays?: number;
                            };
                            /**
                             * @default {
                             *       "action": "deactivate"
                             *     }
                             */
                            "user deactivated"?: {
                                /** @enum {string} */
                                action: "deactivate" | "delete" | "unlink" | "leave";
                                /** @description With "deactivate" only */
                                deleteAfterDays?: number;
                            };
                            /**
                             * @default {
                             *       "action": "deactivate"
                             *     }
                             */
                            "user deleted"?: {
                                /** @enum {string} */
                                action: "deactivate" | "delete" | "unlink" | "leave";
                                /** @description With "deactivate" only */
                                deleteAfterDays?: number;
                            };
                        };
                        /** @description Why it is saved although mapping tests fail; kept with the version */
                        force?: string;
                        mapping: {
                            /**
                             * @description "on create" leaves later edits at the target alone
                             * @default always
                             * @enum {string}
                             */
                            apply?: "always" | "on create";
                            /**
                             * @description "initial": an edit at the target stays until the value changes here again. "ours" unless told
                             * @enum {string}
                             */
                            authority?: "ours" | "initial";
                            /**
                             * @description What a blank means: say nothing, take the value away, or write `default`
                             * @default clear
                             * @enum {string}
                             */
                            blank?: "leave" | "clear" | "default";
                            /** @description With blank "default" only */
                            default?: string | number | boolean | null | unknown[] | {
                                [key: string]: unknown;
                            };
                            /** @description A field, a constant or a formula */
                            formula: string;
                            /**
                             * @description A user for whom it is blank is parked; nobody else waits
                             * @default false
                             */
                            required?: boolean;
                            /** @description Attribute path at the target: userName, name.givenName, … */
                            target: string;
                        }[];
                        /** @description Run at every save */
                        mappingTests?: {
                            /**
                             * @description Attribute path → value; null is none
                             * @default {}
                             */
                            expect?: {
                                [key: string]: string | number | boolean | null | unknown[] | {
                                    [key: string]: unknown;
                                };
                            };
                            /** @description The attribute that parks this user */
                            expectParked?: string;
                            name: string;
                            /** @description Username of a user of the directory, or a user given by fields */
                            user: string | {
                                /** @description FirstName, Department, Level__c, … */
                                fields?: {
                                    [key: string]: string | number | boolean | null | unknown[] | {
                                        [key: string]: unknown;
                                    };
                                };
                                IsActive?: boolean;
                                manager?: {
                                    fields?: {
                                        [key: string]: string | number | boolean | null | unknown[] | {
                                            [key: string]: unknown;
                                        };
                                    };
                                    RemoteId?: string | null;
                                    Username: string;
                                };
                                PermissionSetGroups?: string[];
                                PermissionSets?: string[];
                                Profile?: string;
                                Username: string;
                            };
                        }[];
                        /** @description Why; kept with the version */
                        note?: string;
                        /** @description Of the authority that signed the target's, PEM */
                        privateCa?: string;
                        /** @description A formula that narrows the assigned users: TRUE keeps, FALSE leaves out */
                        scopingFilter?: string;
                        /** @description For LOOKUP(value, "table"): table name → value → result */
                        tables?: {
                            [key: string]: {
                                [key: string]: string;
                            };
                        };
                        /** @description What the target does not say of itself, or says wrongly */
                        targetAttributes?: {
                            canonicalValues?: string[];
                            /** @default false */
                            caseExact?: boolean;
                            description?: string;
                            /** @default false */
                            multiValued?: boolean;
                            /**
                             * @default readWrite
                             * @enum {string}
                             */
                            mutability?: "readWrite" | "readOnly" | "immutable" | "writeOnly";
                            path: string;
                            /** @default false */
                            required?: boolean;
                            /**
                             * @default text
                             * @enum {string}
                             */
                            type?: "text" | "boolean" | "number" | "dateTime" | "reference" | "binary" | "complex";
                            /**
                             * @default none
                             * @enum {string}
                             */
                            uniqueness?: "none" | "server" | "global";
                        }[];
                        /** @description Why everyone is reached at once instead of by a rollout; kept in the audit */
                        withoutRollout?: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description In a dry run only: what saving it would do */
                            effect?: {
                                byOperation: {
                                    [key: string]: {
                                        count: number;
                                        high: number;
                                        low: number;
                                    };
                                };
                                /** @description Whose account would be written otherwise than the version in force says */
                                changed: {
                                    count: number;
                                    high: number;
                                    low: number;
                                };
                                enters: {
                                    count: number;
                                    high: number;
                                    low: number;
                                };
                                headline: string;
                                /** @description False: counted up from a random sample; low and high hold 19 times out of 20 */
                                isExact: boolean;
                                leaves: {
                                    count: number;
                                    high: number;
                                    low: number;
                                };
                                lookedAt: number;
                                people: number;
                            } | null;
                            /** @description False: it serves nobody until a rollout brings it to them */
                            inForce: boolean;
                            /** @description How many are compared with the new version now; those it leaves alike are not sent */
                            links: number;
                            /** @description In a dry run only: a save with problems is refused */
                            problems: {
                                field: string;
                                fix: string;
                                problem: string;
                            }[];
                            /** @description False after a dry run */
                            saved: boolean;
                            /** @description In a dry run only */
                            tests?: {
                                failures: {
                                    actual: unknown;
                                    attribute: string;
                                    expected: unknown;
                                    message: string;
                                }[];
                                name: string;
                                ok: boolean;
                            }[];
                            version: number | null;
                            warnings: {
                                field: string;
                                fix: string;
                                problem: string;
                            }[];
                        };
                    };
                };
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description In a dry run only: what saving it would do */
                            effect?: {
                                byOperation: {
                                    [key: string]: {
                                        count: number;
                                        high: number;
                                        low: number;
                                    };
                                };
                                /** @description Whose account would be written otherwise than the version in force says */
                                changed: {
                                    count: number;
                                    high: number;
                                    low: number;
                                };
                                enters: {
                                    count: number;
                                    high: number;
                                    low: number;
                                };
                                headline: string;
                                /** @description False: counted up from a random sample; low and high hold 19 times out of 20 */
                                isExact: boolean;
                                leaves: {
                                    count: number;
                                    high: number;
                                    low: number;
                                };
                                lookedAt: number;
                                people: number;
                            } | null;
                            /** @description False: it serves nobody until a rollout brings it to them */
                            inForce: boolean;
                            /** @description How many are compared with the new version now; those it leaves alike are not sent */
                            links: number;
                            /** @description In a dry run only: a save with problems is refused */
                            problems: {
                                field: string;
                                fix: string;
                                problem: string;
                            }[];
                            /** @description False after a dry run */
                            saved: boolean;
                            /** @description In a dry run only */
                            tests?: {
                                failures: {
                                    actual: unknown;
                                    attribute: string;
                                    expected: unknown;
                                    message: string;
                                }[];
                                name: string;
                                ok: boolean;
                            }[];
                            version: number | null;
                            warnings: {
                                field: string;
                                fix: string;
                                problem: string;
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/configurations/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a configuration version */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    version: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConfigurationVersion"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/configurations/{version}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put a saved version in force for everyone at once, without a rollout
         * @description The careful way is a rollout: POST /apps/{app}/rollouts. It can be rolled back afterwards all the same.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                    version: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Why everyone is reached at once instead of by a rollout; kept in the audit */
                        withoutRollout: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description In a dry run only: what saving it would do */
                            effect?: {
                                byOperation: {
                                    [key: string]: {
                                        count: number;
                                        high: number;
                                        low: number;
                                    };
                                };
                                /** @description Whose account would be written otherwise than the version in force says */
                                changed: {
                                    count: number;
                                    high: number;
                                    low: number;
                                };
                                enters: {
                                    count: number;
                                    high: number;
                                    low: number;
                                };
                                headline: string;
                                /** @description False: counted up from a random sample; low and high hold 19 times out of 20 */
                                isExact: boolean;
                                leaves: {
                                    count: number;
                                    high: number;
                                    low: number;
                                };
                                lookedAt: number;
                                people: number;
                            } | null;
                            /** @description False: it serves nobody until a rollout brings it to them */
                            inForce: boolean;
                            /** @description How many are compared with the new version now; those it leaves alike are not sent */
                            links: number;
                            /** @description In a dry run only: a save with problems is refused */
                            problems: {
                                field: string;
                                fix: string;
                                problem: string;
                            }[];
                            /** @description False after a dry run */
                            saved: boolean;
                            /** @description In a dry run only */
                            tests?: {
                                failures: {
                                    actual: unknown;
                                    attribute: string;
                                    expected: unknown;
                                    message: string;
                                }[];
                                name: string;
                                ok: boolean;
                            }[];
                            version: number | null;
                            warnings: {
                                field: string;
                                fix: string;
                                problem: string;
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/configurations/{version}/diff/{other}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What changed from one version to another */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    other: number;
                    version: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            changes: {
                                after?: unknown;
                                before?: unknown;
                                /** @description mapping[userName].formula, deprovisioning.user deleted.action, … */
                                path: string;
                            }[];
                            from: number;
                            to: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/configurations/{version}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Save an older version anew, as the newest */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    version: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Why it is saved although mapping tests fail; kept with the version */
                        force?: string;
                        note?: string;
                        /** @description Why everyone is reached at once instead of by a rollout; kept in the audit */
                        withoutRollout?: string;
                    } | null;
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description In a dry run only: what saving it would do */
                            effect?: {
                                byOperation: {
                                    [key: string]: {
                                        count: number;
                                        high: number;
                                        low: number;
                                    };
                                };
                                /** @description Whose account would be written otherwise than the version in force says */
                                changed: {
                                    count: number;
                                    high: number;
                                    low: number;
                                };
                                enters: {
                                    count: number;
                                    high: number;
                                    low: number;
                                };
                                headline: string;
                                /** @description False: counted up from a random sample; low and high hold 19 times out of 20 */
                                isExact: boolean;
                                leaves: {
                                    count: number;
                                    high: number;
                                    low: number;
                                };
                                lookedAt: number;
                                people: number;
                            } | null;
                            /** @description False: it serves nobody until a rollout brings it to them */
                            inForce: boolean;
                            /** @description How many are compared with the new version now; those it leaves alike are not sent */
                            links: number;
                            /** @description In a dry run only: a save with problems is refused */
                            problems: {
                                field: string;
                                fix: string;
                                problem: string;
                            }[];
                            /** @description False after a dry run */
                            saved: boolean;
                            /** @description In a dry run only */
                            tests?: {
                                failures: {
                                    actual: unknown;
                                    attribute: string;
                                    expected: unknown;
                                    message: string;
                                }[];
                                name: string;
                                ok: boolean;
                            }[];
                            version: number | null;
                            warnings: {
                                field: string;
                                fix: string;
                                problem: string;
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/configurations/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Preview a user under a configuration that is not in force: one that is not saved yet, or a saved version */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description One that is not saved */
                        configuration?: {
                            /**
                             * @description As the connector's options schema says
                             * @default {}
                             */
                            connectorOptions?: {
                                [key: string]: unknown;
                            };
                            /** @default {} */
                            correlation?: {
                                /**
                                 * @default link and update
                                 * @enum {string}
                                 */
                                adoption?: "link and update" | "link only" | "park";
                                /** @default true */
                                findBeforeCreate?: boolean;
                                /** @description Target attributes that find an existing account, in this order */
                                matchingAttributes?: string[];
                                targetEnforcesUniqueness?: boolean;
                                visibilityDelayMs?: number;
                            };
                            /** @default {} */
                            deprovisioning?: {
                                /**
                                 * @default {
                                 *       "action": "deactivate"
                                 *     }
                                 */
                                "assignment lost"?: {
                                    /** @enum {string} */
                                    action: "deactivate" | "delete" | "unlink" | "leave";
                                    /** @description With "deactivate" only */
                                    deleteAfterDays?: number;
                                };
                                /**
                                 * @default {
                                 *       "action": "deactivate"
                                 *     }
                                 */
                                "user deactivated"?: {
                                    /** @enum {string} */
                                    action: "deactivate" | "delete" | "unlink" | "leave";
                                    /** @description With "deactivate" only */
                                    deleteAfterDays?: number;
                                };
                                /**
                                 * @default {
                                 *       "action": "deactivate"
                                 *     }
                                 */
                                "user deleted"?: {
                                    /** @enum {string} */
                                    action: "deactivate" | "delete" | "unlink" | "leave";
                                    /** @description With "deactivate" only */
                                    deleteAfterDays?: number;
                                };
                            };
                            mapping: {
                                /**
                                 * @description "on create" leaves later edits at the target alone
                                 * @default always
                                 * @enum {string}
                                 */
                                apply?: "always" | "on create";
                                /**
                                 * @description "initial": an edit at the target stays until the value changes here again. "ours" unless told
                                 * @enum {string}
                                 */
                                authority?: "ours" | "initial";
                                /**
                                 * @description What a blank means: say nothing, take the value away, or write `default`
                                 * @default clear
                                 * @enum {string}
                                 */
                                blank?: "leave" | "clear" | "default";
                                /** @description With blank "default" only */
                                default?: string | number | boolean | null | unknown[] | {
                                    [key: string]: unknown;
                                };
                                /** @description A field, a constant or a formula */
                                formula: string;
                                /**
                                 * @description A user for whom it is blank is parked; nobody else waits
                                 * @default false
                                 */
                                required?: boolean;
                                /** @description Attribute path at the target: userName, name.givenName, … */
                                target: string;
                            }[];
                            /** @description Run at every save */
                            mappingTests?: {
                                /**
                                 * @description Attribute path → value; null is none
                                 * @default {}
                                 */
                                expect?: {
                                    [key: string]: string | number | boolean | null | unknown[] | {
                                        [key: string]: unknown;
                                    };
                                };
                                /** @description The attribute that parks this user */
                                expectParked?: string;
                                name: string;
                                /** @description Username of a user of the directory, or a user given by fields */
                                user: string | {
                                    /** @description FirstName, Department, Level__c, … */
                                    fields?: {
                                        [key: string]: string | number | boolean | null | unknown[] | {
                                            [key: string]: unknown;
                                        };
                                    };
                                    IsActive?: boolean;
                                    manager?: {
                                        fields?: {
                                            [key: string]: string | number | boolean | null | unknown[] | {
                                                [key: string]: unknown;
                                            };
                                        };
                                        RemoteId?: string | null;
                                        Username: string;
                                    };
                                    PermissionSetGroups?: string[];
                                    PermissionSets?: string[];
                                    Profile?: string;
                                    Username: string;
                                };
                            }[];
                            /** @description Of the authority that signed the target's, PEM */
                            privateCa?: string;
                            /** @description A formula that narrows the assigned users: TRUE keeps, FALSE leaves out */
                            scopingFilter?: string;
                            /** @description For LOOKUP(value, "table"): table name → value → result */
                            tables?: {
                                [key: string]: {
                                    [key: string]: string;
                                };
                            };
                            /** @description What the target does not say of itself, or says wrongly */
                            targetAttributes?: {
                                canonicalValues?: string[];
                                /** @default false */
                                caseExact?: boolean;
                                description?: string;
                                /** @default false */
                                multiValued?: boolean;
                                /**
                                 * @default readWrite
                                 * @enum {string}
                                 */
                                mutability?: "readWrite" | "readOnly" | "immutable" | "writeOnly";
                                path: string;
                                /** @default false */
                                required?: boolean;
                                /**
                                 * @default text
                                 * @enum {string}
                                 */
                                type?: "text" | "boolean" | "number" | "dateTime" | "reference" | "binary" | "complex";
                                /**
                                 * @default none
                                 * @enum {string}
                                 */
                                uniqueness?: "none" | "server" | "global";
                            }[];
                        };
                        /**
                         * @description As if this came next; absent: what really comes next
                         * @enum {string}
                         */
                        operation?: "create" | "update" | "deactivate" | "reactivate" | "delete";
                        /** @description Id or Username */
                        user: string;
                        /** @description A saved one */
                        version?: number;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: string;
                            attributes: {
                                applied: unknown;
                                apply: string;
                                /** @description What the target shows now, if it could be read */
                                atTarget?: {
                                    value: unknown;
                                };
                                /** @enum {string} */
                                authority: "ours" | "initial";
                                blank: string;
                                error: string | null;
                                /** @enum {string} */
                                fate: "sent" | "default sent" | "cleared" | "unchanged" | "nothing to clear" | "left alone" | "first value only" | "parks" | "failed" | "not in this operation";
                                formula: string;
                                note: string | null;
                                required: boolean;
                                sources: {
                                    field: string;
                                    /**
                                     * @description missing: the user does not have the field; empty: it is there without content
                                     * @enum {string}
                                     */
                                    state: "value" | "empty" | "missing" | "no manager";
                                    value: unknown;
                                }[];
                                target: string;
                                value: unknown;
                            }[];
                            changes: {
                                after: unknown;
                                before: unknown;
                                path: string;
                            }[];
                            /** @description What grants the app to the user now */
                            grants: {
                                expiresAt: string | null;
                                kind: string;
                                name: string;
                                /** @description The permission set group that brings the set */
                                through: string | null;
                            }[];
                            /** @description Searches for an existing account, and what they found */
                            matches: {
                                attribute: string;
                                remoteIds: string[];
                                value: string;
                            }[];
                            notes: string[];
                            /** @description What would keep it from being sent now: the app, a hold, a guard */
                            obstacles: string[];
                            operation: string | null;
                            /** @enum {string} */
                            plan: "settled" | "waiting" | "parked" | "correlate" | "unlink" | "change";
                            reads: {
                                error?: {
                                    kind: string;
                                    message: string;
                                };
                                latencyMs: number;
                                /** @description JSON pointers of what is masked in each part, "" for the whole; to be shown one by one */
                                masked?: {
                                    request: string[];
                                    response: string[];
                                    url: string[];
                                };
                                method: string;
                                requestBody?: string;
                                requestHeaders: {
                                    [key: string]: string;
                                };
                                responseBody?: string;
                                responseHeaders?: {
                                    [key: string]: string;
                                };
                                status?: number;
                                url: string;
                            }[];
                            reason: {
                                attribute?: string;
                                /** @description What causes are grouped by; listed in docs/errors.md */
                                code: string;
                                detail?: string;
                                message: string;
                                nextStep: string;
                                users?: string[];
                            } | null;
                            /** @description The write exactly as it would be sent; the credential is redacted */
                            request: {
                                body?: string;
                                headers: {
                                    [key: string]: string;
                                };
                                method: string;
                                url: string;
                            } | null;
                            userId: string;
                            /** @description Of the configuration that it is made under; null: one that is not saved */
                            version: number | null;
                            warnings: {
                                field: string;
                                fix: string;
                                problem: string;
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/credential": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Enter the credential; it is sealed for the app's origin and never read back */
        put: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            /** @description {kind: "bearer", token}, {kind: "basic", username, password} or {kind: "header", name, value} */
            requestBody: {
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConnectedApp"];
                    };
                };
            };
        };
        post?: never;
        /** Forget the credential */
        delete: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConnectedApp"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/deletions/keep": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keep accounts that would be deleted: they stay deactivated, until their user leaves or returns again */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description Only those that are due up to then
                         */
                        before?: string;
                        /** @description How many you saw; another number refuses the decision */
                        expected?: number;
                        /** @description Why; kept with what was decided */
                        reason: string;
                        /** @description Ids or Usernames; absent: everybody */
                        users?: string[];
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            decided: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/deletions/now": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Delete accounts without waiting for their day; the guards still count */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description Only those that are due up to then
                         */
                        before?: string;
                        /** @description How many you saw; another number refuses the decision */
                        expected?: number;
                        /** @description Why; kept with what was decided */
                        reason: string;
                        /** @description Ids or Usernames; absent: everybody */
                        users?: string[];
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            decided: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/detect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Find out by reading what the target is and does, and what fits it */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            findings: {
                                /** @description What the target says of itself */
                                declared?: string;
                                /** @description What it was seen to do */
                                observed?: string;
                                /** @description Options under which it would fit better */
                                options?: {
                                    [key: string]: unknown;
                                };
                                subject: string;
                                /** @description What Usher does with the options in force */
                                used: string;
                            }[];
                            suggestions: {
                                label: string;
                                options: {
                                    [key: string]: unknown;
                                };
                                reason: string;
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/dismissals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What people decided not to have done, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    /** @description Most items of the page */
                    limit?: number;
                };
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /**
                                 * Format: date-time
                                 * @description UTC, ISO 8601
                                 */
                                at: string;
                                by: string;
                                changes: {
                                    after: unknown;
                                    before: unknown;
                                    path: string;
                                }[] | null;
                                id: number;
                                operation: string;
                                reason: string;
                                /** @description When it was taken back */
                                undoneAt: string | null;
                                undoneBy: string | null;
                                userId: string;
                                username: string;
                            }[];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/dismissals/{id}/take-back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Want again what was dismissed; it is sent when its trigger is on */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Taken back */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/drills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List drills, newest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Drill"][];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /** Try on a test user whether an account can be taken away and given back; this writes to the target */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Id or Username of a test user */
                        user: string;
                        /** @description Absent: the one in force */
                        version?: number;
                    };
                };
            };
            responses: {
                /** @description Accepted */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Drill"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/drills/{drill}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a drill with its steps and every exchange */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    drill: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: string;
                            /**
                             * Format: date-time
                             * @description UTC, ISO 8601
                             */
                            createdAt: string;
                            createdBy: string;
                            finishedAt: string | null;
                            /** @description It passed, and proves something about the app as it is configured now */
                            holds: boolean;
                            id: string;
                            nextStep: string | null;
                            problem: string | null;
                            /** @description The account that it made and left at the target */
                            remoteId: string | null;
                            startedAt: string | null;
                            /** @enum {string} */
                            state: "waiting" | "running" | "passed" | "failed" | "cancelled";
                            steps: {
                                /** @description What was sent and answered, the credential redacted */
                                exchanges: {
                                    error?: {
                                        kind: string;
                                        message: string;
                                    };
                                    latencyMs: number;
                                    /** @description JSON pointers of what is masked in each part, "" for the whole; to be shown one by one */
                                    masked?: {
                                        request: string[];
                                        response: string[];
                                        url: string[];
                                    };
                                    method: string;
                                    requestBody?: string;
                                    requestHeaders: {
                                        [key: string]: string;
                                    };
                                    responseBody?: string;
                                    responseHeaders?: {
                                        [key: string]: string;
                                    };
                                    status?: number;
                                    url: string;
                                }[];
                                finishedAt: string | null;
                                message: string;
                                ordinal: number;
                                /**
                                 * Format: date-time
                                 * @description UTC, ISO 8601
                                 */
                                startedAt: string;
                                /** @enum {string} */
                                state: "running" | "passed" | "failed" | "skipped";
                                /** @enum {string} */
                                step: "look" | "create" | "verify created" | "deactivate" | "verify deactivated" | "reactivate" | "verify reactivated" | "clean up" | "verify cleaned up";
                            }[];
                            userId: string;
                            username: string;
                            version: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/drills/{drill}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop a drill after its present step; what it made is cleaned up */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    drill: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Drill"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/guards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the guards of an app, and how far their limits are used */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Guards"];
                    };
                };
            };
        };
        /** Change the guards of an app, effective at once; what is left out stays, what is held stays held */
        put: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description All of them */
                        approvals?: {
                            /** @description The user's manager may */
                            manager: boolean;
                            /** @description These may: e-mail addresses of people, names of keys */
                            named: string[];
                            /** @enum {string} */
                            operation: "create" | "update" | "deactivate" | "reactivate" | "delete";
                        }[];
                        /** @description More deactivations than the larger of both within an hour are held */
                        deactivation?: {
                            count?: number;
                            /** @description Of the accounts that can be used; the larger of both is allowed */
                            percent?: number;
                        };
                        /** @description Names or ids; nobody takes their access without a person’s word */
                        protectedUsers?: {
                            permissionSets: string[];
                            profiles: string[];
                            users: string[];
                        };
                        /** @description What the hour lets pass little by little; null is off */
                        slowBleed?: {
                            count: number;
                            hours: number;
                            /** @description Of the accounts that can be used; the larger of both is allowed */
                            percent: number;
                        } | null;
                        /** @description All of them */
                        thresholds?: {
                            /** @description Changes that give this target attribute another value; * counts each attribute by itself */
                            attribute?: string;
                            /** @description Only changes that take the value away */
                            clears?: boolean;
                            count: number;
                            /** @description Names the guard in holds; unique within the app */
                            name: string;
                            /**
                             * @description Absent is any
                             * @enum {string}
                             */
                            operation?: "create" | "update" | "deactivate" | "reactivate" | "delete";
                            /** @description Of the accounts that can be used; the larger of both is allowed */
                            percent: number;
                            windowMinutes: number;
                        }[];
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ChangedGuards"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/holds/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reject every open hold of an app, or those of one guard, cause or operation */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description As GET /holds/causes gives it */
                        cause?: string;
                        /** @description How many you saw; another number refuses the decision */
                        expected?: number;
                        /** @description deactivation threshold, slow bleed, protected user, approval, unlinked account, or the name of a threshold */
                        guard?: string;
                        /** @description Why; kept with the hold */
                        note?: string;
                        /** @enum {string} */
                        operation?: "create" | "update" | "deactivate" | "reactivate" | "delete";
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            decided: number;
                            /** @description Left open, because somebody else must agree to them */
                            refused: {
                                holds: number;
                                who: string;
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/holds/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Release every open hold of an app, or those of one guard, cause or operation */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description As GET /holds/causes gives it */
                        cause?: string;
                        /** @description How many you saw; another number refuses the decision */
                        expected?: number;
                        /** @description deactivation threshold, slow bleed, protected user, approval, unlinked account, or the name of a threshold */
                        guard?: string;
                        /** @description Why; kept with the hold */
                        note?: string;
                        /** @enum {string} */
                        operation?: "create" | "update" | "deactivate" | "reactivate" | "delete";
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            decided: number;
                            /** @description Left open, because somebody else must agree to them */
                            refused: {
                                holds: number;
                                who: string;
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/logo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The logo */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        /** Keep a logo: PNG, JPEG or WebP of at most 128 KiB */
        put: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: byte */
                        base64: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Presentation"];
                    };
                };
            };
        };
        post?: never;
        /** Take the logo away */
        delete: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Presentation"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/mapping/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Check one formula, with the place of each finding, and evaluate it for a user; nothing is saved */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        formula: string;
                        /** @description It must give true or false, as a scoping filter does */
                        isCondition?: boolean;
                        /** @description For LOOKUP(value, "table"): table name → value → result */
                        tables?: {
                            [key: string]: {
                                [key: string]: string;
                            };
                        };
                        /** @description The attribute that it is for */
                        target?: string;
                        /** @description Id or Username */
                        user?: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            errors: {
                                code: string;
                                /** @description Offset after the last one */
                                end: number;
                                message: string;
                                /** @description Offset of the first character concerned */
                                start: number;
                                /** @description Replaces exactly that place */
                                suggestion?: string;
                            }[];
                            /** @description For the user that was given */
                            evaluation: {
                                error: {
                                    code: string;
                                    /** @description Offset after the last one */
                                    end: number;
                                    message: string;
                                    /** @description Offset of the first character concerned */
                                    start: number;
                                } | null;
                                sources: {
                                    field: string;
                                    value: unknown;
                                }[];
                                value: unknown;
                            } | null;
                            /** @description What it reads */
                            fields: string[];
                            ok: boolean;
                            /** @description Of its values; null when it does not compile */
                            type: string | null;
                            /** @description Its value changes with time */
                            volatile: boolean;
                            warnings: {
                                code: string;
                                /** @description Offset after the last one */
                                end: number;
                                message: string;
                                /** @description Offset of the first character concerned */
                                start: number;
                                /** @description Replaces exactly that place */
                                suggestion?: string;
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/mapping/completion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What can be written in a formula: functions with their signatures, fields, tables, target attributes */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            fields: {
                                label?: string;
                                path: string;
                                type: string;
                            }[];
                            functions: {
                                doc: string;
                                example: string;
                                family: string;
                                name: string;
                                note?: string;
                                /** @description LEFT(text, count) */
                                signature: string;
                            }[];
                            keywords: string[];
                            /** @description What LOOKUP can use in the version in force */
                            tables: string[];
                            /** @description Attributes of the target that can be mapped, as they were known at the last save */
                            targets: {
                                multiValued: boolean;
                                path: string;
                                required: boolean;
                                type: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/mapping/proposal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Propose a mapping, from what the target says of its attributes */
        get: {
            parameters: {
                query?: {
                    /** @description JSON of the options to reach the target by, before a configuration has them */
                    connectorOptions?: string;
                    /** @description Permission set groups as roles; absent: where the target takes any role */
                    roles?: "true" | "false";
                };
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description What finds existing accounts; absent: userName and externalId do */
                            correlation?: {
                                matchingAttributes: string[];
                            };
                            mapping: {
                                apply: string;
                                blank: string;
                                formula: string;
                                required: boolean;
                                target: string;
                            }[];
                            /** @description What the target requires and nothing is proposed for */
                            missing: string[];
                            notes: string[];
                            /** @description Null: the target could not be asked */
                            schemaSource: ("target" | "connector" | "administrator" | "default") | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/mapping/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run the tests that are kept with the mapping, on the users as they are now */
        post: {
            parameters: {
                query?: {
                    /** @description Absent: the one in force */
                    version?: number;
                };
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ok: boolean;
                            results: {
                                failures: {
                                    actual: unknown;
                                    attribute: string;
                                    expected: unknown;
                                    message: string;
                                }[];
                                name: string;
                                ok: boolean;
                            }[];
                            version: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/matching-reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the matching reports that are kept, newest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["MatchingReport"][];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /** Read the accounts of the target and compare them with the users; nothing is written there */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        note?: string;
                        /** @description Absent: the one in force */
                        version?: number;
                    } | null;
                };
            };
            responses: {
                /** @description Accepted */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MatchingReport"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/matching-reports/{report}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a matching report */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    report: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MatchingReport"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/matching-reports/{report}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop reading; what was read is kept, so that it can be resumed */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    report: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MatchingReport"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/matching-reports/{report}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The lines of a matching report as a file: CSV for spreadsheets, or NDJSON */
        get: {
            parameters: {
                query?: {
                    active?: "true" | "false";
                    category?: "matched" | "ambiguous" | "missing" | "orphaned" | "inactive" | "duplicate";
                    decided?: "true" | "false";
                    format?: "csv" | "ndjson";
                    linked?: "true" | "false";
                    /** @description A matching attribute */
                    matchedBy?: string;
                    /** @description Of the account’s name, e-mail address or id, or of the user; * stands for anything */
                    name?: string;
                    /** @description Whether the user shall have an account */
                    standing?: "entitled" | "out of scope" | "not assigned" | "inactive" | "deleted";
                };
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    report: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/matching-reports/{report}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the lines of a matching report */
        get: {
            parameters: {
                query?: {
                    active?: "true" | "false";
                    category?: "matched" | "ambiguous" | "missing" | "orphaned" | "inactive" | "duplicate";
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    decided?: "true" | "false";
                    /** @description Most items of the page */
                    limit?: number;
                    linked?: "true" | "false";
                    /** @description A matching attribute */
                    matchedBy?: string;
                    /** @description Of the account’s name, e-mail address or id, or of the user; * stands for anything */
                    name?: string;
                    /** @description Whether the user shall have an account */
                    standing?: "entitled" | "out of scope" | "not assigned" | "inactive" | "deleted";
                };
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    report: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["MatchingItem"][];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/matching-reports/{report}/items/{item}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decide one line: link the account, ignore it, or take an ignoring back; nothing is written to the target */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    item: number;
                    report: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        decision: "link" | "ignore" | "undecided";
                        note?: string;
                        /** @description Id or Username of whose the account is */
                        user?: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MatchingItem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/matching-reports/{report}/resolutions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the decisions by filter and by rule, and how far each is */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    report: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /**
                                 * Format: date-time
                                 * @description UTC, ISO 8601
                                 */
                                createdAt: string;
                                /** @enum {string} */
                                decision: "link" | "ignore" | "undecided";
                                done: number;
                                filter: {
                                    /** @description At the target */
                                    active?: boolean;
                                    /** @enum {string} */
                                    category?: "matched" | "ambiguous" | "missing" | "orphaned" | "inactive" | "duplicate";
                                    decided?: boolean;
                                    linked?: boolean;
                                    /** @description A matching attribute */
                                    matchedBy?: string;
                                    /** @description Of the account’s name, e-mail address or id, or of the user; * stands for anything */
                                    name?: string;
                                    /**
                                     * @description Whether the user shall have an account
                                     * @enum {string}
                                     */
                                    standing?: "entitled" | "out of scope" | "not assigned" | "inactive" | "deleted";
                                };
                                finishedAt: string | null;
                                id: string;
                                note: string | null;
                                problem: string | null;
                                /** @description Lines that could not be decided so; each says why */
                                refused: number;
                                /** @enum {string} */
                                state: "waiting" | "running" | "done" | "failed";
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/matching-reports/{report}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decide every line that a filter picks; it is carried out in the background */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    report: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        decision: "link" | "ignore" | "undecided";
                        filter: {
                            /** @description At the target */
                            active?: boolean;
                            /** @enum {string} */
                            category?: "matched" | "ambiguous" | "missing" | "orphaned" | "inactive" | "duplicate";
                            decided?: boolean;
                            linked?: boolean;
                            /** @description A matching attribute */
                            matchedBy?: string;
                            /** @description Of the account’s name, e-mail address or id, or of the user; * stands for anything */
                            name?: string;
                            /**
                             * @description Whether the user shall have an account
                             * @enum {string}
                             */
                            standing?: "entitled" | "out of scope" | "not assigned" | "inactive" | "deleted";
                        };
                        note?: string;
                    };
                };
            };
            responses: {
                /** @description Accepted */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/matching-reports/{report}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on with a report that failed or was cancelled, from where it stood */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    report: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MatchingReport"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/matching-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the decisions that are made by themselves on each report that becomes ready */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            rules: {
                                /** @enum {string} */
                                decision: "link" | "ignore";
                                filter: {
                                    /** @description At the target */
                                    active?: boolean;
                                    /** @enum {string} */
                                    category?: "matched" | "ambiguous" | "missing" | "orphaned" | "inactive" | "duplicate";
                                    linked?: boolean;
                                    /** @description A matching attribute */
                                    matchedBy?: string;
                                    /** @description Of the account’s name, e-mail address or id, or of the user; * stands for anything */
                                    name?: string;
                                    /**
                                     * @description Whether the user shall have an account
                                     * @enum {string}
                                     */
                                    standing?: "entitled" | "out of scope" | "not assigned" | "inactive" | "deleted";
                                };
                                /** @default null */
                                note: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        /** Replace the decisions that are made by themselves on each report that becomes ready, in their order */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        rules: {
                            /** @enum {string} */
                            decision: "link" | "ignore";
                            filter: {
                                /** @description At the target */
                                active?: boolean;
                                /** @enum {string} */
                                category?: "matched" | "ambiguous" | "missing" | "orphaned" | "inactive" | "duplicate";
                                linked?: boolean;
                                /** @description A matching attribute */
                                matchedBy?: string;
                                /** @description Of the account’s name, e-mail address or id, or of the user; * stands for anything */
                                name?: string;
                                /**
                                 * @description Whether the user shall have an account
                                 * @enum {string}
                                 */
                                standing?: "entitled" | "out of scope" | "not assigned" | "inactive" | "deleted";
                            };
                            /** @default null */
                            note?: string | null;
                        }[];
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            rules: {
                                /** @enum {string} */
                                decision: "link" | "ignore";
                                filter: {
                                    /** @description At the target */
                                    active?: boolean;
                                    /** @enum {string} */
                                    category?: "matched" | "ambiguous" | "missing" | "orphaned" | "inactive" | "duplicate";
                                    linked?: boolean;
                                    /** @description A matching attribute */
                                    matchedBy?: string;
                                    /** @description Of the account’s name, e-mail address or id, or of the user; * stands for anything */
                                    name?: string;
                                    /**
                                     * @description Whether the user shall have an account
                                     * @enum {string}
                                     */
                                    standing?: "entitled" | "out of scope" | "not assigned" | "inactive" | "deleted";
                                };
                                /** @default null */
                                note: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/oauth": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the OAuth settings */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OAuth"];
                    };
                };
            };
        };
        /**
         * Save the OAuth settings: they are checked, discovered now, and pinned
         * @description Secrets are bound to the origins of the endpoints: where these change, the consumer secret has to be entered and the app authorized again.
         */
        put: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description For JWT bearer and private_key_jwt */
                        assertion?: {
                            /**
                             * @default RS256
                             * @enum {string}
                             */
                            algorithm?: "RS256" | "ES256";
                            /** @description The token endpoint unless given */
                            audience?: string;
                            /** @default 180 */
                            lifetimeSeconds?: number;
                            /** @description Whom a JWT bearer assertion is about */
                            subject?: string;
                        };
                        audience?: string;
                        /**
                         * @description Sent to the authorization endpoint as they are
                         * @default {}
                         */
                        authorizationParameters?: {
                            [key: string]: string;
                        };
                        /**
                         * @description Endpoints that the target documents; needed without an issuer, and before the discovered ones with it
                         * @default {}
                         */
                        endpoints?: {
                            authorization?: string;
                            introspection?: string;
                            registration?: string;
                            revocation?: string;
                            token?: string;
                            userinfo?: string;
                        };
                        /**
                         * @default authorization_code
                         * @enum {string}
                         */
                        grant?: "authorization_code" | "client_credentials" | "jwt_bearer";
                        /** @description The authorization server's issuer, exactly as its discovery document says; the endpoints come from it */
                        issuer?: string;
                        /**
                         * @description Further origins that the target documents for its authorization server. Nothing is sent anywhere else
                         * @default []
                         */
                        origins?: string[];
                        /** @description RFC 8707 */
                        resource?: string;
                        /**
                         * @default [
                         *       "api",
                         *       "refresh_token",
                         *       "openid"
                         *     ]
                         */
                        scopes?: string[];
                        /**
                         * @description Use one callback URL for all such apps; only where the target promises iss (RFC 9207)
                         * @default false
                         */
                        sharedCallback?: boolean;
                        /**
                         * @default client_secret_basic
                         * @enum {string}
                         */
                        tokenEndpointAuth?: "client_secret_basic" | "client_secret_post" | "private_key_jwt" | "tls_client_auth" | "none";
                        /**
                         * @description Sent to the token endpoint as they are
                         * @default {}
                         */
                        tokenParameters?: {
                            [key: string]: string;
                        };
                        /**
                         * @description The target does not say that it knows PKCE with S256. It is sent all the same
                         * @default false
                         */
                        unpromisedPkce?: boolean;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SavedOAuth"];
                    };
                };
            };
        };
        post?: never;
        /** Forget the OAuth settings, the consumer key with its secrets, and the authorization */
        delete: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Forgotten */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/oauth/consumer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Enter the client id and secret that the target gave */
        put: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description The client id that the target gave */
                        consumerKey: string;
                        /** @description The client secret; sealed, and never shown again */
                        consumerSecret?: string;
                        /** Format: date-time */
                        secretExpiresAt?: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OAuth"];
                    };
                };
            };
        };
        /** Generate a consumer key and secret, for the target to be told; the secret is shown once */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ShownConsumer"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/oauth/discover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Read the discovery document of an issuer (OpenID or RFC 8414); nothing is kept */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        issuer: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            endpoints: {
                                [key: string]: string;
                            };
                            issuer: string | null;
                            kind: ("openid" | "oauth") | null;
                            ok: boolean;
                            /** @description All origins that the document leads to; name those that are the target’s */
                            origins: string[];
                            problems: {
                                field: string;
                                fix: string;
                                problem: string;
                            }[];
                            promises: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/oauth/hand-over": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the target's administrator needs to register Usher */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The same, to be copied into a mail or a ticket; no secret is in it */
                            markdown: string;
                            sheet: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/oauth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Register at the authorization server by itself (RFC 7591) */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        initialAccessToken?: string;
                    } | null;
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ShownConsumer"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/oauth/staged": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stage a second pair: both work until it is applied or discarded, for at most 30 days
         * @description What is left out is made: the same key with a new secret. The secret is shown once.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description The client id that the target gave */
                        consumerKey?: string;
                        /** @description The client secret; sealed, and never shown again */
                        consumerSecret?: string;
                    } | null;
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ShownConsumer"];
                    };
                };
            };
        };
        /** Forget the second pair */
        delete: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OAuth"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/oauth/staged/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Use the staged pair first from now on; the replaced one stays as its fallback for 30 days */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OAuth"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send nothing more after the calls that are under way */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Why; kept in the audit */
                        reason?: string;
                    } | null;
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConnectedApp"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the plans that are kept, newest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                ageSeconds: number;
                                app: string;
                                applied: {
                                    /**
                                     * Format: date-time
                                     * @description UTC, ISO 8601
                                     */
                                    at: string;
                                    by: string;
                                    /** @description Users that changed since the plan; listed with leftOut=true */
                                    leftOut: number;
                                    /** @description Users that are due now */
                                    marked: number;
                                    version: number;
                                } | null;
                                /** @description In force when the plan was asked for; applying demands that it still is */
                                baseVersion: number | null;
                                /**
                                 * Format: date-time
                                 * @description UTC, ISO 8601
                                 */
                                createdAt: string;
                                createdBy: string;
                                finishedAt: string | null;
                                /** @description 12,403 people: 31 create, 940 update, 2 deactivate, 9 parked */
                                headline: string;
                                id: string;
                                note: string | null;
                                /**
                                 * Format: date-time
                                 * @description The moment that it was made for
                                 */
                                plannedAt: string;
                                problem: string | null;
                                progress: {
                                    done: number;
                                    total: number;
                                };
                                /** @enum {string} */
                                state: "waiting" | "running" | "ready" | "failed" | "cancelled" | "applying" | "applied";
                                /** @description Of the planned configuration; null: it is not saved yet */
                                version: number | null;
                            }[];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /** Plan what a configuration would do to everybody; nothing is sent */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description One that is not saved yet; applying the plan saves it */
                        configuration?: {
                            /**
                             * @description As the connector's options schema says
                             * @default {}
                             */
                            connectorOptions?: {
                                [key: string]: unknown;
                            };
                            /** @default {} */
                            correlation?: {
                                /**
                                 * @default link and update
                                 * @enum {string}
                                 */
                                adoption?: "link and update" | "link only" | "park";
                                /** @default true */
                                findBeforeCreate?: boolean;
                                /** @description Target attributes that find an existing account, in this order */
                                matchingAttributes?: string[];
                                targetEnforcesUniqueness?: boolean;
                                visibilityDelayMs?: number;
                            };
                            /** @default {} */
                            deprovisioning?: {
                                /**
                                 * @default {
                                 *       "action": "deactivate"
                                 *     }
                                 */
                                "assignment lost"?: {
                                    /** @enum {string} */
                                    action: "deactivate" | "delete" | "unlink" | "leave";
                                    /** @description With "deactivate" only */
                                    deleteAfterDays?: number;
                                };
                                /**
                                 * @default {
                                 *       "action": "deactivate"
                                 *     }
                                 */
                                "user deactivated"?: {
                                    /** @enum {string} */
                                    action: "deactivate" | "delete" | "unlink" | "leave";
                                    /** @description With "deactivate" only */
                                    deleteAfterDays?: number;
                                };
                                /**
                                 * @default {
                                 *       "action": "deactivate"
                                 *     }
                                 */
                                "user deleted"?: {
                                    /** @enum {string} */
                                    action: "deactivate" | "delete" | "unlink" | "leave";
                                    /** @description With "deactivate" only */
                                    deleteAfterDays?: number;
                                };
                            };
                            mapping: {
                                /**
                                 * @description "on create" leaves later edits at the target alone
                                 * @default always
                                 * @enum {string}
                                 */
                                apply?: "always" | "on create";
                                /**
                                 * @description "initial": an edit at the target stays until the value changes here again. "ours" unless told
                                 * @enum {string}
                                 */
                                authority?: "ours" | "initial";
                                /**
                                 * @description What a blank means: say nothing, take the value away, or write `default`
                                 * @default clear
                                 * @enum {string}
                                 */
                                blank?: "leave" | "clear" | "default";
                                /** @description With blank "default" only */
                                default?: string | number | boolean | null | unknown[] | {
                                    [key: string]: unknown;
                                };
                                /** @description A field, a constant or a formula */
                                formula: string;
                                /**
                                 * @description A user for whom it is blank is parked; nobody else waits
                                 * @default false
                                 */
                                required?: boolean;
                                /** @description Attribute path at the target: userName, name.givenName, … */
                                target: string;
                            }[];
                            /** @description Run at every save */
                            mappingTests?: {
                                /**
                                 * @description Attribute path → value; null is none
                                 * @default {}
                                 */
                                expect?: {
                                    [key: string]: string | number | boolean | null | unknown[] | {
                                        [key: string]: unknown;
                                    };
                                };
                                /** @description The attribute that parks this user */
                                expectParked?: string;
                                name: string;
                                /** @description Username of a user of the directory, or a user given by fields */
                                user: string | {
                                    /** @description FirstName, Department, Level__c, … */
                                    fields?: {
                                        [key: string]: string | number | boolean | null | unknown[] | {
                                            [key: string]: unknown;
                                        };
                                    };
                                    IsActive?: boolean;
                                    manager?: {
                                        fields?: {
                                            [key: string]: string | number | boolean | null | unknown[] | {
                                                [key: string]: unknown;
                                            };
                                        };
                                        RemoteId?: string | null;
                                        Username: string;
                                    };
                                    PermissionSetGroups?: string[];
                                    PermissionSets?: string[];
                                    Profile?: string;
                                    Username: string;
                                };
                            }[];
                            /** @description Of the authority that signed the target's, PEM */
                            privateCa?: string;
                            /** @description A formula that narrows the assigned users: TRUE keeps, FALSE leaves out */
                            scopingFilter?: string;
                            /** @description For LOOKUP(value, "table"): table name → value → result */
                            tables?: {
                                [key: string]: {
                                    [key: string]: string;
                                };
                            };
                            /** @description What the target does not say of itself, or says wrongly */
                            targetAttributes?: {
                                canonicalValues?: string[];
                                /** @default false */
                                caseExact?: boolean;
                                description?: string;
                                /** @default false */
                                multiValued?: boolean;
                                /**
                                 * @default readWrite
                                 * @enum {string}
                                 */
                                mutability?: "readWrite" | "readOnly" | "immutable" | "writeOnly";
                                path: string;
                                /** @default false */
                                required?: boolean;
                                /**
                                 * @default text
                                 * @enum {string}
                                 */
                                type?: "text" | "boolean" | "number" | "dateTime" | "reference" | "binary" | "complex";
                                /**
                                 * @default none
                                 * @enum {string}
                                 */
                                uniqueness?: "none" | "server" | "global";
                            }[];
                        };
                        note?: string;
                        /** @description Whoever is named, or has one of these; absent: everybody whom the app concerns */
                        scope?: {
                            permissionSetGroups?: string[];
                            permissionSets?: string[];
                            profiles?: string[];
                            /** @description Ids or Usernames */
                            users?: string[];
                        };
                        /** @description Another scoping filter, or null for none; everything else as it is: who enters, who leaves */
                        scopingFilter?: string | null;
                        /** @description A saved one; absent: the one in force */
                        version?: number;
                    } | null;
                };
            };
            responses: {
                /** @description Accepted */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ageSeconds: number;
                            app: string;
                            applied: {
                                /**
                                 * Format: date-time
                                 * @description UTC, ISO 8601
                                 */
                                at: string;
                                by: string;
                                /** @description Users that changed since the plan; listed with leftOut=true */
                                leftOut: number;
                                /** @description Users that are due now */
                                marked: number;
                                version: number;
                            } | null;
                            /** @description In force when the plan was asked for; applying demands that it still is */
                            baseVersion: number | null;
                            /**
                             * Format: date-time
                             * @description UTC, ISO 8601
                             */
                            createdAt: string;
                            createdBy: string;
                            finishedAt: string | null;
                            /** @description 12,403 people: 31 create, 940 update, 2 deactivate, 9 parked */
                            headline: string;
                            id: string;
                            note: string | null;
                            /**
                             * Format: date-time
                             * @description The moment that it was made for
                             */
                            plannedAt: string;
                            problem: string | null;
                            progress: {
                                done: number;
                                total: number;
                            };
                            /** @enum {string} */
                            state: "waiting" | "running" | "ready" | "failed" | "cancelled" | "applying" | "applied";
                            /** @description Of the planned configuration; null: it is not saved yet */
                            version: number | null;
                            warnings: {
                                field: string;
                                fix: string;
                                problem: string;
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/plans/{plan}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a plan */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    plan: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PopulationPlan"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/plans/{plan}/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put the planned configuration in force, and mark just the users of the plan who have not changed since */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    plan: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Why; needed where the planned configuration is not in force already */
                        note?: string;
                    } | null;
                };
            };
            responses: {
                /** @description Accepted */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ageSeconds: number;
                            app: string;
                            applied: {
                                /**
                                 * Format: date-time
                                 * @description UTC, ISO 8601
                                 */
                                at: string;
                                by: string;
                                /** @description Users that changed since the plan; listed with leftOut=true */
                                leftOut: number;
                                /** @description Users that are due now */
                                marked: number;
                                version: number;
                            } | null;
                            /** @description In force when the plan was asked for; applying demands that it still is */
                            baseVersion: number | null;
                            /**
                             * Format: date-time
                             * @description UTC, ISO 8601
                             */
                            createdAt: string;
                            createdBy: string;
                            finishedAt: string | null;
                            /** @description 12,403 people: 31 create, 940 update, 2 deactivate, 9 parked */
                            headline: string;
                            id: string;
                            note: string | null;
                            /**
                             * Format: date-time
                             * @description The moment that it was made for
                             */
                            plannedAt: string;
                            problem: string | null;
                            progress: {
                                done: number;
                                total: number;
                            };
                            /** @enum {string} */
                            state: "waiting" | "running" | "ready" | "failed" | "cancelled" | "applying" | "applied";
                            /** @description Of the planned configuration; null: it is not saved yet */
                            version: number | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/plans/{plan}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop a plan that is being made */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    plan: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ageSeconds: number;
                            app: string;
                            applied: {
                                /**
                                 * Format: date-time
                                 * @description UTC, ISO 8601
                                 */
                                at: string;
                                by: string;
                                /** @description Users that changed since the plan; listed with leftOut=true */
                                leftOut: number;
                                /** @description Users that are due now */
                                marked: number;
                                version: number;
                            } | null;
                            /** @description In force when the plan was asked for; applying demands that it still is */
                            baseVersion: number | null;
                            /**
                             * Format: date-time
                             * @description UTC, ISO 8601
                             */
                            createdAt: string;
                            createdBy: string;
                            finishedAt: string | null;
                            /** @description 12,403 people: 31 create, 940 update, 2 deactivate, 9 parked */
                            headline: string;
                            id: string;
                            note: string | null;
                            /**
                             * Format: date-time
                             * @description The moment that it was made for
                             */
                            plannedAt: string;
                            problem: string | null;
                            progress: {
                                done: number;
                                total: number;
                            };
                            /** @enum {string} */
                            state: "waiting" | "running" | "ready" | "failed" | "cancelled" | "applying" | "applied";
                            /** @description Of the planned configuration; null: it is not saved yet */
                            version: number | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/plans/{plan}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the users of a plan for whom something would happen, with before and after */
        get: {
            parameters: {
                query?: {
                    /** @description Path of an attribute that would be written */
                    attribute?: string;
                    cause?: string;
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    leftOut?: "true" | "false";
                    /** @description Most items of the page */
                    limit?: number;
                    movement?: "enters" | "leaves";
                    operation?: "create" | "update" | "deactivate" | "reactivate" | "delete" | "unlink" | "look for" | "park";
                    /** @description Its beginning */
                    username?: string;
                };
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    plan: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                cause: string;
                                changes: {
                                    after: unknown;
                                    before: unknown;
                                    path: string;
                                }[];
                                held: boolean;
                                /** @description Why applying left the user out */
                                leftOut: string | null;
                                movement: ("enters" | "leaves") | null;
                                /** @enum {string} */
                                operation: "create" | "update" | "deactivate" | "reactivate" | "delete" | "unlink" | "look for" | "park";
                                reason: {
                                    attribute?: string;
                                    /** @description What causes are grouped by; listed in docs/errors.md */
                                    code: string;
                                    detail?: string;
                                    message: string;
                                    nextStep: string;
                                    users?: string[];
                                } | null;
                                userId: string;
                                username: string;
                            }[];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/plans/{plan}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A plan as a file: CSV for spreadsheets, a line an attribute; or NDJSON, a line a user */
        get: {
            parameters: {
                query?: {
                    /** @description Path of an attribute that would be written */
                    attribute?: string;
                    cause?: string;
                    format?: "csv" | "ndjson";
                    leftOut?: "true" | "false";
                    movement?: "enters" | "leaves";
                    operation?: "create" | "update" | "deactivate" | "reactivate" | "delete" | "unlink" | "look for" | "park";
                    /** @description Its beginning */
                    username?: string;
                };
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    plan: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/presentation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Contact and logo */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Presentation"];
                    };
                };
            };
        };
        /** Say whom to ask about the app */
        put: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default null */
                        contactEmail?: string | null;
                        /** @default null */
                        contactName?: string | null;
                        /** @default null */
                        contactPhone?: string | null;
                        /** @default null */
                        infoUrl?: string | null;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Presentation"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The exact exchange that would be sent for a user; nothing is written at the target */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description As if this came next; absent: what really comes next
                         * @enum {string}
                         */
                        operation?: "create" | "update" | "deactivate" | "reactivate" | "delete";
                        /** @description Id or Username */
                        user: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: string;
                            attributes: {
                                applied: unknown;
                                apply: string;
                                /** @description What the target shows now, if it could be read */
                                atTarget?: {
                                    value: unknown;
                                };
                                /** @enum {string} */
                                authority: "ours" | "initial";
                                blank: string;
                                error: string | null;
                                /** @enum {string} */
                                fate: "sent" | "default sent" | "cleared" | "unchanged" | "nothing to clear" | "left alone" | "first value only" | "parks" | "failed" | "not in this operation";
                                formula: string;
                                note: string | null;
                                required: boolean;
                                sources: {
                                    field: string;
                                    /**
                                     * @description missing: the user does not have the field; empty: it is there without content
                                     * @enum {string}
                                     */
                                    state: "value" | "empty" | "missing" | "no manager";
                                    value: unknown;
                                }[];
                                target: string;
                                value: unknown;
                            }[];
                            changes: {
                                after: unknown;
                                before: unknown;
                                path: string;
                            }[];
                            /** @description What grants the app to the user now */
                            grants: {
                                expiresAt: string | null;
                                kind: string;
                                name: string;
                                /** @description The permission set group that brings the set */
                                through: string | null;
                            }[];
                            /** @description Searches for an existing account, and what they found */
                            matches: {
                                attribute: string;
                                remoteIds: string[];
                                value: string;
                            }[];
                            notes: string[];
                            /** @description What would keep it from being sent now: the app, a hold, a guard */
                            obstacles: string[];
                            operation: string | null;
                            /** @enum {string} */
                            plan: "settled" | "waiting" | "parked" | "correlate" | "unlink" | "change";
                            reads: {
                                error?: {
                                    kind: string;
                                    message: string;
                                };
                                latencyMs: number;
                                /** @description JSON pointers of what is masked in each part, "" for the whole; to be shown one by one */
                                masked?: {
                                    request: string[];
                                    response: string[];
                                    url: string[];
                                };
                                method: string;
                                requestBody?: string;
                                requestHeaders: {
                                    [key: string]: string;
                                };
                                responseBody?: string;
                                responseHeaders?: {
                                    [key: string]: string;
                                };
                                status?: number;
                                url: string;
                            }[];
                            reason: {
                                attribute?: string;
                                /** @description What causes are grouped by; listed in docs/errors.md */
                                code: string;
                                detail?: string;
                                message: string;
                                nextStep: string;
                                users?: string[];
                            } | null;
                            /** @description The write exactly as it would be sent; the credential is redacted */
                            request: {
                                body?: string;
                                headers: {
                                    [key: string]: string;
                                };
                                method: string;
                                url: string;
                            } | null;
                            /** @description The user’s place in the rollout that decides which version serves whom */
                            rollout: components["schemas"]["RolloutPlace"] | null;
                            userId: string;
                            /** @description Of the configuration that it is made under; null: one that is not saved */
                            version: number | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/provision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Provision these users now, before the others; answers within two seconds */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Ids or Usernames */
                        users: string[];
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            results: {
                                account: {
                                    deleteAt: string | null;
                                    remoteId: string | null;
                                    remoteUsername: string | null;
                                    requestId: string | null;
                                    state: string;
                                } | null;
                                answered: boolean;
                                app: string;
                                grants: {
                                    expiresAt: string | null;
                                    kind: string;
                                    name: string;
                                    /** @description The permission set group that brings the set */
                                    through: string | null;
                                }[];
                                nextAttemptAt: string | null;
                                reason: {
                                    attribute?: string;
                                    /** @description What causes are grouped by; listed in docs/errors.md */
                                    code: string;
                                    detail?: string;
                                    message: string;
                                    nextStep: string;
                                    users?: string[];
                                } | null;
                                /** @description One sentence for a person */
                                sentence: string;
                                since: string | null;
                                /** @enum {string} */
                                state: "has account" | "no account" | "account deactivated" | "account deleted" | "not assigned" | "in progress" | "retrying" | "waiting" | "parked" | "held" | "app draft" | "app paused" | "app quarantined" | "app rate limited";
                                userId: string;
                                username: string;
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/quarantine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why an app is quarantined: the cause, the first failing exchange, and how many wait */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Null: it is not */
                            quarantine: {
                                /** @enum {string} */
                                cause: "credential" | "target" | "connector";
                                /** @description The first of the failures in a row; null where no call led to it */
                                firstFailure: {
                                    /**
                                     * Format: date-time
                                     * @description UTC, ISO 8601
                                     */
                                    at: string;
                                    exchange: {
                                        error?: {
                                            kind: string;
                                            message: string;
                                        };
                                        latencyMs: number;
                                        /** @description JSON pointers of what is masked in each part, "" for the whole; to be shown one by one */
                                        masked?: {
                                            request: string[];
                                            response: string[];
                                            url: string[];
                                        };
                                        method: string;
                                        requestBody?: string;
                                        requestHeaders: {
                                            [key: string]: string;
                                        };
                                        responseBody?: string;
                                        responseHeaders?: {
                                            [key: string]: string;
                                        };
                                        status?: number;
                                        url: string;
                                    } | null;
                                    message: string;
                                    operation: string | null;
                                    requestId: string;
                                    userId: string | null;
                                } | null;
                                message: string;
                                nextStep: string;
                                /**
                                 * Format: date-time
                                 * @description When the target is asked next, by a read that changes nothing
                                 */
                                probeAt: string;
                                probeAttempts: number;
                                /**
                                 * Format: date-time
                                 * @description UTC, ISO 8601
                                 */
                                since: string;
                                status: number | null;
                                targetSaid: string | null;
                                /** @description Links that wait for its end; nothing of them is lost */
                                waiting: number;
                            } | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/quarantine/probe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask the target at once whether the quarantine can end */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConnectedApp"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/readiness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Look at the six pieces of an app now, and tell what is red and what to do */
        get: {
            parameters: {
                query?: {
                    /** @description Absent: the one that is rolled out, or in force */
                    version?: number;
                };
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Readiness"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on with everything that became due during the pause */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["StartedApp"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/roll-back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** One command back: takes everybody back from the version that is rolled out, or in force since */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Why; kept with the report and in the audit */
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Rollout"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/rollbacks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the ways back of an app, newest first: rollbacks and stages that were undone */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    /** @description Most items of the page */
                    limit?: number;
                };
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Rollback"][];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/rollbacks/{rollback}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a way back and how far its proof is */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    rollback: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Rollback"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/rollbacks/{rollback}/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the accounts of a way back, each with what was read at the target */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    /** @description Most items of the page */
                    limit?: number;
                    state?: "healing" | "as before" | "differs" | "gone" | "no account" | "held" | "parked" | "left" | "could not be read";
                };
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    rollback: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["RollbackProof"][];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/rollbacks/{rollback}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The proof of a way back as a file: CSV for spreadsheets, or NDJSON */
        get: {
            parameters: {
                query?: {
                    format?: "csv" | "ndjson";
                    state?: "healing" | "as before" | "differs" | "gone" | "no account" | "held" | "parked" | "left" | "could not be read";
                };
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    rollback: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/rollbacks/{rollback}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Read every account of a way back again; nothing is written to the target */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    rollback: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Accepted */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Rollback"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/rollouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the rollouts of an app, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    /** @description Most items of the page */
                    limit?: number;
                };
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["RolloutSummary"][];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /** Plan how a saved version reaches people: a pilot, shares of everyone, everyone. Nobody is reached yet */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default null */
                        note?: string | null;
                        /**
                         * @description Rising shares of everyone between the pilot and everyone; may be none
                         * @default [
                         *       10,
                         *       50
                         *     ]
                         */
                        percentages?: number[];
                        pilot: {
                            /**
                             * @description Also of those who hold them through a permission set group
                             * @default []
                             */
                            permissionSets?: string[];
                            /** @default [] */
                            profiles?: string[];
                            /**
                             * @description Ids or Usernames
                             * @default []
                             */
                            users?: string[];
                        };
                        /** @description Absent: 48 hours, 3 and 5 %, halt */
                        settings?: {
                            /** @description More failures in a stage than both halt it; more than the share alone keep the next stage closed */
                            failureLimit?: {
                                count: number;
                                percent: number;
                            };
                            /**
                             * @description What happens by itself when the limit is passed
                             * @enum {string}
                             */
                            onFailure?: "halt" | "roll back";
                            /** @description How long each stage is watched before the next may begin */
                            soakHours?: number;
                        };
                        /** @description A saved configuration version */
                        version: number;
                    };
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Rollout"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/rollouts/{rollout}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a rollout: stages with their work, gates with what opens them, and what may be done now */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    rollout: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Rollout"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Discard a rollout that was never started */
        delete: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                    rollout: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/rollouts/{rollout}/advance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on to the next stage, or from the last one to the end */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                    rollout: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Why to go on although a gate is closed; kept */
                        override?: string;
                    } | null;
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Rollout"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/rollouts/{rollout}/continue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on in the same stage; after a halt, say what was done */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                    rollout: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Why; kept with the rollout and in the audit */
                        reason?: string;
                    } | null;
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Rollout"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/rollouts/{rollout}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reach nobody else until it is continued */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                    rollout: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Why; kept with the rollout and in the audit */
                        reason?: string;
                    } | null;
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Rollout"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/rollouts/{rollout}/roll-back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take everybody back to the version before, and prove it */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                    rollout: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Why; kept with the report and in the audit */
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Rollout"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/rollouts/{rollout}/stages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many users each stage would bring in now, before anybody decides about it */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    rollout: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                hasBegun: boolean;
                                /** @enum {string} */
                                kind: "pilot" | "percent" | "everyone";
                                name: string;
                                /** @description How many it would bring in now; of a stage that has begun, those whose turn comes yet */
                                newcomers: number;
                                ordinal: number;
                                percent: number | null;
                                /** @description How many it brought in when it began */
                                reached: number;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/rollouts/{rollout}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let the pilot begin; of a draft it is the activation */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                    rollout: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Why to go on although a gate is closed; kept */
                        override?: string;
                    } | null;
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Rollout"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/rollouts/{rollout}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reach nobody else, for good; whoever was reached keeps the version */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                    rollout: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Why; kept with the rollout and in the audit */
                        reason?: string;
                    } | null;
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Rollout"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/rollouts/{rollout}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Server-sent events: the rollout changed, so look again; resumable on any replica by Last-Event-ID */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    rollout: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/rollouts/{rollout}/undo-stage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take the users of the present stage back to what served them before */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                    rollout: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Why; kept with the report and in the audit */
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Rollout"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/rollouts/{rollout}/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List whom a rollout has reached, with how far each is */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    /** @description Most items of the page */
                    limit?: number;
                    /** @description Ordinal of the stage that reached them */
                    stage?: number;
                    work?: "done" | "pending" | "retrying" | "failed" | "held" | "waiting" | "failed before";
                };
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    rollout: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /**
                                 * Format: date-time
                                 * @description UTC, ISO 8601
                                 */
                                at: string;
                                /** @description user, profile 3, permission set 12, bucket 734, everyone, taken over 4 */
                                because: string;
                                nextStep: string | null;
                                reason: string | null;
                                reasonCode: string | null;
                                stage: number;
                                userId: string;
                                username: string;
                                /** @enum {string} */
                                work: "done" | "pending" | "retrying" | "failed" | "held" | "waiting" | "failed before";
                            }[];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/rollouts/{rollout}/users/{user}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why a user is in the stage that they are in, or in none yet */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                    rollout: number;
                    /** @description Id or Username */
                    user: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RolloutPlace"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the attributes of the target's accounts, read from it now, and what changed since the version in force */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            attributes: {
                                canonicalValues?: string[];
                                caseExact: boolean;
                                description?: string;
                                multiValued: boolean;
                                /** @enum {string} */
                                mutability: "readWrite" | "readOnly" | "immutable" | "writeOnly";
                                path: string;
                                required: boolean;
                                /** @enum {string} */
                                type: "text" | "boolean" | "number" | "dateTime" | "reference" | "binary" | "complex";
                                /** @enum {string} */
                                uniqueness: "none" | "server" | "global";
                            }[];
                            /** @description What the target says otherwise than when that version was saved */
                            changes: {
                                /** @description Requests that were right before can be refused now */
                                breaks: boolean;
                                /** @description is required now, is new, takes several values now, … */
                                change: string;
                                path: string;
                            }[];
                            /** @description The version that `changes` are told against */
                            comparedWith: number | null;
                            /**
                             * @description "default": the target does not say, so these are the standard’s
                             * @enum {string}
                             */
                            source: "target" | "connector" | "administrator" | "default";
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/switches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The triggers as switches that name their effect, with what each left undone */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** @description What it does as it stands: "Leavers keep access" */
                                effect: string;
                                on: boolean;
                                /** @description What its other position would do */
                                otherwise: string;
                                /** @enum {string} */
                                trigger: "create" | "update" | "deactivate" | "reactivate";
                                /** @description Users for whom something is left undone because it is off */
                                undone: number;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/target": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show what is known of the target: what deactivating and deleting really do, its limits, and from where */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            capabilities: ("schema" | "deactivate" | "reactivate" | "delete" | "list")[];
                            connector: string;
                            hasGroups: boolean;
                            takesBatches: boolean;
                            /** @description Null: the connector knows nothing of it */
                            traits: {
                                /** @enum {string} */
                                basis?: "standard" | "documented" | "reported" | "measured" | "assumed";
                                credentialLifetimeDays?: number;
                                /** @description What deactivating really does there */
                                deactivate: {
                                    /**
                                     * @description How it is known
                                     * @enum {string}
                                     */
                                    basis?: "documented" | "reported" | "assumed";
                                    /** @enum {string} */
                                    effect: "deactivates" | "deletes" | "suspends" | "unlinks" | "refused" | "unknown";
                                    /** @description One sentence for an administrator */
                                    note: string;
                                    source?: string;
                                };
                                /** @description What deleting really does there */
                                delete: {
                                    /**
                                     * @description How it is known
                                     * @enum {string}
                                     */
                                    basis?: "documented" | "reported" | "assumed";
                                    /** @enum {string} */
                                    effect: "deactivates" | "deletes" | "suspends" | "unlinks" | "refused" | "unknown";
                                    /** @description One sentence for an administrator */
                                    note: string;
                                    source?: string;
                                };
                                notes: string[];
                                rateLimits: {
                                    burst?: number;
                                    counts: string;
                                    perSeconds: number;
                                    requests: number;
                                }[];
                                /** @description The attributes by which the target itself can be searched; by others its whole list is read */
                                searchable?: "any" | string[];
                                /** @description Where the knowledge comes from */
                                sources: string[];
                                uniqueness: {
                                    attributes: string[];
                                    /** @enum {string} */
                                    enforced: "yes" | "no" | "unknown";
                                };
                                visibilityDelayMs: number;
                            } | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Test the connection: address, TLS, credential, discovery and a harmless read */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ok: boolean;
                            steps: {
                                /** @description What the target itself said */
                                detail?: string;
                                fix?: string;
                                message: string;
                                ok: boolean;
                                /** @enum {string} */
                                step: "address" | "connect" | "tls" | "http" | "credential" | "discovery" | "read";
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/triggers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the triggers */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            create: boolean;
                            deactivate: boolean;
                            reactivate: boolean;
                            update: boolean;
                        };
                    };
                };
            };
        };
        /** Turn triggers on or off, effective at once; what is left out stays */
        put: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        create?: boolean;
                        deactivate?: boolean;
                        reactivate?: boolean;
                        update?: boolean;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConnectedApp"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/undone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What triggers that are off left undone, user by user, with the change that would be sent */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    /** @description Most items of the page */
                    limit?: number;
                    trigger?: "create" | "update" | "deactivate" | "reactivate";
                };
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                changes: {
                                    after: unknown;
                                    before: unknown;
                                    path: string;
                                }[];
                                /** @description Null: the user has changed since, and is looked at again */
                                operation: string | null;
                                /**
                                 * Format: date-time
                                 * @description UTC, ISO 8601
                                 */
                                since: string;
                                /** @enum {string} */
                                trigger: "create" | "update" | "deactivate" | "reactivate";
                                userId: string;
                                username: string;
                            }[];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/undone/dismiss": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Leave undone what an off trigger left undone, also when it is turned on
         * @description Of updates, the values that are wanted today become the baseline, from which only later differences are sent. Anything else is left until the user leaves or returns. At most 10000 users a request.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Name or id */
                    app: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Why; kept with what was decided */
                        reason: string;
                        /** @enum {string} */
                        trigger: "create" | "update" | "deactivate" | "reactivate";
                        /** @description Ids or Usernames; absent: everybody */
                        users?: string[];
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            dismissed: number;
                            /** @description False: send it again for the rest */
                            isComplete: boolean;
                            /** @description Of the users named: nothing of the kind is undone for them */
                            passedOver: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/users/{user}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Link an account of the target to a user by hand, also one of a user who has left (a re-hire) */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    app: string;
                    user: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        note?: string;
                        remoteId: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            account: {
                                deleteAt: string | null;
                                remoteId: string | null;
                                remoteUsername: string | null;
                                requestId: string | null;
                                state: string;
                            } | null;
                            app: string;
                            grants: {
                                expiresAt: string | null;
                                kind: string;
                                name: string;
                                /** @description The permission set group that brings the set */
                                through: string | null;
                            }[];
                            nextAttemptAt: string | null;
                            reason: {
                                attribute?: string;
                                /** @description What causes are grouped by; listed in docs/errors.md */
                                code: string;
                                detail?: string;
                                message: string;
                                nextStep: string;
                                users?: string[];
                            } | null;
                            /** @description One sentence for a person */
                            sentence: string;
                            since: string | null;
                            /** @enum {string} */
                            state: "has account" | "no account" | "account deactivated" | "account deleted" | "not assigned" | "in progress" | "retrying" | "waiting" | "parked" | "held" | "app draft" | "app paused" | "app quarantined" | "app rate limited";
                            userId: string;
                            username: string;
                        };
                    };
                };
            };
        };
        post?: never;
        /** Forget that an account is the user’s; at the target nothing happens */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    app: string;
                    user: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/apps/{app}/users/{user}/why": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why a user has, or has not, what they should have at an app */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    app: string;
                    user: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            account: {
                                deleteAt: string | null;
                                remoteId: string | null;
                                remoteUsername: string | null;
                                requestId: string | null;
                                state: string;
                            } | null;
                            app: string;
                            grants: {
                                expiresAt: string | null;
                                kind: string;
                                name: string;
                                /** @description The permission set group that brings the set */
                                through: string | null;
                            }[];
                            nextAttemptAt: string | null;
                            reason: {
                                attribute?: string;
                                /** @description What causes are grouped by; listed in docs/errors.md */
                                code: string;
                                detail?: string;
                                message: string;
                                nextStep: string;
                                users?: string[];
                            } | null;
                            /** @description The user’s place in the rollout that decides which version serves whom */
                            rollout: components["schemas"]["RolloutPlace"] | null;
                            /** @description One sentence for a person */
                            sentence: string;
                            since: string | null;
                            /** @enum {string} */
                            state: "has account" | "no account" | "account deactivated" | "account deleted" | "not assigned" | "in progress" | "retrying" | "waiting" | "parked" | "held" | "app draft" | "app paused" | "app quarantined" | "app rate limited";
                            userId: string;
                            username: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List who changed what, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description Such as `user.created`; `user` finds every action on users */
                    action?: string;
                    /** @description The name of the key, or the e-mail address of the person */
                    actor?: string;
                    actorKind?: "api key" | "person" | "command line" | "system";
                    /** @description An app's name */
                    app?: string;
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    entityId?: string;
                    entityKind?: string;
                    from?: string;
                    /** @description Most items of the page */
                    limit?: number;
                    origin?: string;
                    personId?: string;
                    requestId?: string;
                    role?: string;
                    through?: "console" | "api" | "command line" | "system";
                    /** @description Exclusive */
                    to?: string;
                    userId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["AuditEvent"][];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The audit as a file: CSV for spreadsheets, or JSON lines with every value whole; the newest first
         * @description That it was exported, and by which filter, is an event of the audit itself.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Such as `user.created`; `user` finds every action on users */
                    action?: string;
                    /** @description The name of the key, or the e-mail address of the person */
                    actor?: string;
                    actorKind?: "api key" | "person" | "command line" | "system";
                    /** @description An app's name */
                    app?: string;
                    entityId?: string;
                    entityKind?: string;
                    format?: "csv" | "jsonl";
                    from?: string;
                    origin?: string;
                    personId?: string;
                    requestId?: string;
                    role?: string;
                    through?: "console" | "api" | "command line" | "system";
                    /** @description Exclusive */
                    to?: string;
                    userId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connectors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List connectors */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                credentialKinds: string[];
                                description: string;
                                id: string;
                                label: string;
                                /** @description JSON Schema 2020-12 of the connector options */
                                optionsSchema: {
                                    [key: string]: unknown;
                                };
                                version: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credentials/forecast": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** When which credential of which app is likely to end, what needs a person first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["CredentialForecast"][];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/custom-fields": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List custom fields */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["CustomField"][];
                        };
                    };
                };
            };
        };
        put?: never;
        /** Declare a custom field */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        Label?: string;
                        /** @description Texts only; 255 when left out */
                        Length?: number;
                        /** @description Ends with __c */
                        Name: string;
                        /** @description Picklists only */
                        PicklistValues?: string[];
                        Required?: boolean;
                        /** @enum {string} */
                        Type: "text" | "number" | "boolean" | "date" | "dateTime" | "picklist" | "multipicklist";
                    };
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CustomField"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/custom-fields/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a custom field */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CustomField"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Delete a custom field */
        delete: {
            parameters: {
                query?: {
                    /** @description Also delete the values that users have */
                    deleteValues?: "true" | "false";
                };
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        /** Change a custom field */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        Label?: string;
                        /** @description Texts only; 255 when left out */
                        Length?: number;
                        /** @description Picklists only */
                        PicklistValues?: string[];
                        Required?: boolean;
                        /** @enum {string} */
                        Type?: "text" | "number" | "boolean" | "date" | "dateTime" | "picklist" | "multipicklist";
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CustomField"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/deletions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Accounts that will be deleted, the next ones first */
        get: {
            parameters: {
                query?: {
                    app?: string;
                    before?: string;
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    /** @description Most items of the page */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                app: string;
                                /**
                                 * Format: date-time
                                 * @description UTC, ISO 8601
                                 */
                                deleteAt: string;
                                remoteId: string | null;
                                remoteUsername: string | null;
                                /**
                                 * Format: date-time
                                 * @description UTC, ISO 8601
                                 */
                                since: string;
                                userId: string;
                                username: string;
                            }[];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deletions/days": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The inbox of delayed deletions: how many accounts of which app go on which day */
        get: {
            parameters: {
                query?: {
                    app?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                accounts: number;
                                app: string;
                                /** @description From now; 0 is within the day */
                                days: number;
                                /**
                                 * Format: date-time
                                 * @description UTC, ISO 8601
                                 */
                                firstAt: string;
                                label: string;
                                /** @description CRM: 42 accounts will be deleted in 3 days */
                                sentence: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/demo-company": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the demo company is there, and whether it may come or go now */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DemoCompany"];
                    };
                };
            };
        };
        put?: never;
        /** Load the demo company: users, permission sets and a group; only into an empty directory */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DemoCompany"];
                    };
                };
            };
        };
        /** Remove the demo company whole, as long as no account of it was made anywhere */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Other users, who had one of its people as their manager and have none now */
                            unmanaged: number;
                            users: number;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Holds, newest first; the open ones unless told otherwise */
        get: {
            parameters: {
                query?: {
                    app?: string;
                    /** @description As GET /holds/causes gives it */
                    cause?: string;
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    /** @description deactivation threshold, slow bleed, protected user, approval, unlinked account, or the name of a threshold */
                    guard?: string;
                    /** @description Most items of the page */
                    limit?: number;
                    operation?: "create" | "update" | "deactivate" | "reactivate" | "delete";
                    state?: "open" | "released" | "rejected" | "closed" | "all";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                app: string;
                                /** @description Who was asked to agree; null: whoever may release holds */
                                approvers: {
                                    manager: boolean;
                                    named: string[];
                                } | null;
                                /** @description What holds are grouped by: the guard with what it counts, or why the change is wanted */
                                cause: string;
                                changes: {
                                    after: unknown;
                                    before: unknown;
                                    path: string;
                                }[];
                                decidedAt: string | null;
                                decidedBy: string | null;
                                guard: string;
                                id: number;
                                note: string | null;
                                /**
                                 * Format: date-time
                                 * @description UTC, ISO 8601
                                 */
                                openedAt: string;
                                operation: string;
                                reason: string;
                                /** @description When people are reminded of it next, while it is open */
                                remindAt: string | null;
                                requestId: string | null;
                                /** @enum {string} */
                                state: "open" | "released" | "rejected" | "closed";
                                userId: string;
                                username: string;
                            }[];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/holds/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One hold */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: string;
                            /** @description Who was asked to agree; null: whoever may release holds */
                            approvers: {
                                manager: boolean;
                                named: string[];
                            } | null;
                            /** @description What holds are grouped by: the guard with what it counts, or why the change is wanted */
                            cause: string;
                            changes: {
                                after: unknown;
                                before: unknown;
                                path: string;
                            }[];
                            decidedAt: string | null;
                            decidedBy: string | null;
                            guard: string;
                            id: number;
                            note: string | null;
                            /**
                             * Format: date-time
                             * @description UTC, ISO 8601
                             */
                            openedAt: string;
                            operation: string;
                            reason: string;
                            /** @description When people are reminded of it next, while it is open */
                            remindAt: string | null;
                            requestId: string | null;
                            /** @enum {string} */
                            state: "open" | "released" | "rejected" | "closed";
                            userId: string;
                            username: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/holds/{id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Refuse the change; it is not sent until another change takes its place */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Why; kept with the hold */
                        note?: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: string;
                            /** @description Who was asked to agree; null: whoever may release holds */
                            approvers: {
                                manager: boolean;
                                named: string[];
                            } | null;
                            /** @description What holds are grouped by: the guard with what it counts, or why the change is wanted */
                            cause: string;
                            changes: {
                                after: unknown;
                                before: unknown;
                                path: string;
                            }[];
                            decidedAt: string | null;
                            decidedBy: string | null;
                            guard: string;
                            id: number;
                            note: string | null;
                            /**
                             * Format: date-time
                             * @description UTC, ISO 8601
                             */
                            openedAt: string;
                            operation: string;
                            reason: string;
                            /** @description When people are reminded of it next, while it is open */
                            remindAt: string | null;
                            requestId: string | null;
                            /** @enum {string} */
                            state: "open" | "released" | "rejected" | "closed";
                            userId: string;
                            username: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/holds/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let the change through; it is planned anew and sent only if it is still the same */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Why; kept with the hold */
                        note?: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: string;
                            /** @description Who was asked to agree; null: whoever may release holds */
                            approvers: {
                                manager: boolean;
                                named: string[];
                            } | null;
                            /** @description What holds are grouped by: the guard with what it counts, or why the change is wanted */
                            cause: string;
                            changes: {
                                after: unknown;
                                before: unknown;
                                path: string;
                            }[];
                            decidedAt: string | null;
                            decidedBy: string | null;
                            guard: string;
                            id: number;
                            note: string | null;
                            /**
                             * Format: date-time
                             * @description UTC, ISO 8601
                             */
                            openedAt: string;
                            operation: string;
                            reason: string;
                            /** @description When people are reminded of it next, while it is open */
                            remindAt: string | null;
                            requestId: string | null;
                            /** @enum {string} */
                            state: "open" | "released" | "rejected" | "closed";
                            userId: string;
                            username: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/holds/{id}/snooze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Leave an open hold as it is, and remind nobody of it before then; a week at most */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Why; kept with the hold */
                        note?: string;
                        /**
                         * Format: date-time
                         * @description When people are reminded again
                         */
                        until: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: string;
                            /** @description Who was asked to agree; null: whoever may release holds */
                            approvers: {
                                manager: boolean;
                                named: string[];
                            } | null;
                            /** @description What holds are grouped by: the guard with what it counts, or why the change is wanted */
                            cause: string;
                            changes: {
                                after: unknown;
                                before: unknown;
                                path: string;
                            }[];
                            decidedAt: string | null;
                            decidedBy: string | null;
                            guard: string;
                            id: number;
                            note: string | null;
                            /**
                             * Format: date-time
                             * @description UTC, ISO 8601
                             */
                            openedAt: string;
                            operation: string;
                            reason: string;
                            /** @description When people are reminded of it next, while it is open */
                            remindAt: string | null;
                            requestId: string | null;
                            /** @enum {string} */
                            state: "open" | "released" | "rejected" | "closed";
                            userId: string;
                            username: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/holds/causes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Open holds by what they wait for, those with most users first */
        get: {
            parameters: {
                query?: {
                    app?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                app: string;
                                cause: string;
                                guard: string;
                                holds: number;
                                /**
                                 * Format: date-time
                                 * @description UTC, ISO 8601
                                 */
                                oldestAt: string;
                                operation: string;
                                /** @description Of the newest */
                                reason: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List API keys */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    /** @description Most items of the page */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["ApiKey"][];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Make an API key
         * @description The answer shows the key. It is stored only as a hash, so that nobody can show it again.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: date-time */
                        expiresAt?: string;
                        /** @description Who or what uses it; the audit shows it */
                        name: string;
                        scopes: ("directory:read" | "directory:write" | "apps:read" | "apps:operate" | "apps:write" | "reasons:read" | "provision:now" | "provisioning:read" | "provisioning:write" | "exchanges:unmask" | "exchanges:read" | "holds:release" | "status-links:write" | "audit:read" | "keys:read" | "keys:write" | "people:read" | "people:write" | "retention:write" | "alerts:read" | "alerts:write" | "vault:read" | "vault:write" | "metrics:read" | "all")[];
                    };
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NewApiKey"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description At once and for good. The last key with the scope "all" cannot be revoked.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiKey"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/log/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The provisioning log as server-sent events; resumable on any replica by Last-Event-ID */
        get: {
            parameters: {
                query?: {
                    app?: string;
                    /** @description Id or Username */
                    user?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show who asks, and what they may do */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description With every scope that those include */
                            allScopes: string[];
                            email: string | null;
                            expiresAt: string | null;
                            /**
                             * Format: uuid
                             * @description Of the key, or of the person
                             */
                            id: string;
                            /** @enum {string} */
                            kind: "key" | "person";
                            name: string;
                            role: ("administrator" | "operator" | "help desk" | "auditor") | null;
                            /** @description As they were given */
                            scopes: string[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the organization’s defaults */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Organization"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change the organization’s defaults */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        EmailEncodingKey?: string;
                        LanguageLocaleKey?: string;
                        LocaleSidKey?: string;
                        /** @description IANA name. Decides the day of TODAY(), and is the default of new users */
                        TimeZoneSidKey?: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Organization"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List people */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    email?: string;
                    /** @description Most items of the page */
                    limit?: number;
                    role?: "administrator" | "operator" | "help desk" | "auditor";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Person"][];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Invite a person
         * @description The answer holds the link by which they come in: hand it to them. Nobody gives a role that may do more than they may.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        email: string;
                        name: string;
                        /** @enum {string} */
                        role: "administrator" | "operator" | "help desk" | "auditor";
                    };
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["InvitedPerson"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people/{person}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a person */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    person: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Person"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Delete a person
         * @description With their sessions and keys. What they did stays in the audit. The last administrator cannot be deleted.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    person: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        /**
         * Change a person
         * @description In force at their next request. The last administrator who can sign in stays one.
         */
        patch: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path: {
                    person: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Signs them out everywhere, and their keys are refused */
                        disabled?: boolean;
                        email?: string;
                        name?: string;
                        /** @enum {string} */
                        role?: "administrator" | "operator" | "help desk" | "auditor";
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Person"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/people/{person}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a one-time link for a person: a new invitation, or one to choose a new password */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    person: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        kind: "invitation" | "reset";
                        /**
                         * @description Also takes away passkeys, authenticator app and recovery codes, and ends every session
                         * @default false
                         */
                        secondFactor?: boolean;
                    };
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OneTimeLink"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people/{person}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the sessions of a person */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    person: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["SessionOfPerson"][];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Sign a person out everywhere */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    person: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ended: number;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/permission-set-groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List permission set groups */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    /** @description Most items of the page */
                    limit?: number;
                    /** @description Beginning of the name */
                    search?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["PermissionSetGroup"][];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /** Create a permission set group */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        Description?: string | null;
                        Label?: string;
                        Name: string;
                        /** @description The whole list of its components */
                        PermissionSets?: string[];
                    };
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PermissionSetGroup"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/permission-set-groups/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a permission set group */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or Name */
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PermissionSetGroup"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Delete a permission set group
         * @description It is taken from everyone who holds it; accounts follow.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or Name */
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description How many users held it */
                            holders: number;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Change a permission set group */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or Name */
                    key: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        Description?: string | null;
                        Label?: string;
                        Name?: string;
                        /** @description The whole list of its components */
                        PermissionSets?: string[];
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PermissionSetGroup"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/permission-set-groups/{key}/components": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add permission sets to a group and take others out */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or Name */
                    key: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        add?: string[];
                        remove?: string[];
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PermissionSetGroup"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/permission-sets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List permission sets */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    /** @description Most items of the page */
                    limit?: number;
                    /** @description Beginning of the name */
                    search?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["PermissionSet"][];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /** Create a permission set */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        Description?: string | null;
                        Label?: string;
                        Name: string;
                    };
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PermissionSet"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/permission-sets/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a permission set */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or Name */
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PermissionSet"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Delete a permission set
         * @description It is taken from everyone who holds it; accounts follow.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or Name */
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description How many users held it */
                            holders: number;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Change a permission set */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or Name */
                    key: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        Description?: string | null;
                        Label?: string;
                        Name?: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PermissionSet"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List profiles */
        get: {
            parameters: {
                query?: {
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    /** @description Most items of the page */
                    limit?: number;
                    /** @description Beginning of the name */
                    search?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Profile"][];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /** Create a profile */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        Description?: string | null;
                        Name: string;
                    };
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Profile"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/profiles/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a profile */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or Name */
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Profile"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Delete a profile
         * @description Refused while users have it.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or Name */
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description How many users held it */
                            holders: number;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Change a profile */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or Name */
                    key: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        Description?: string | null;
                        Name?: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Profile"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Provisioning requests, newest first */
        get: {
            parameters: {
                query?: {
                    app?: string;
                    /** @description Reason code, as in docs/errors.md */
                    cause?: string;
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    /** @description UTC, ISO 8601 */
                    from?: string;
                    /** @description Most items of the page */
                    limit?: number;
                    operation?: "create" | "update" | "deactivate" | "reactivate" | "delete" | "link";
                    state?: "New" | "Requested" | "Completed" | "Failed" | "Retried" | "Manually Completed";
                    /** @description UTC, ISO 8601 */
                    to?: string;
                    /** @description Id or Username */
                    user?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                app: string;
                                attempts: number;
                                cause: string;
                                completedAt: string | null;
                                completedBy: string | null;
                                /**
                                 * Format: date-time
                                 * @description UTC, ISO 8601
                                 */
                                createdAt: string;
                                id: string;
                                nextStep: string | null;
                                note: string | null;
                                operation: string;
                                outcome: string | null;
                                parentId: string | null;
                                reason: string | null;
                                reasonCode: string | null;
                                retryAt: string | null;
                                /** @enum {string} */
                                state: "New" | "Requested" | "Completed" | "Failed" | "Retried" | "Manually Completed";
                                userId: string;
                                username: string;
                                version: number | null;
                            }[];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requests/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One request with its changes and every attempt */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: string;
                            attempts: number;
                            cause: string;
                            changes: {
                                after: unknown;
                                before: unknown;
                                path: string;
                            }[] | null;
                            completedAt: string | null;
                            completedBy: string | null;
                            /**
                             * Format: date-time
                             * @description UTC, ISO 8601
                             */
                            createdAt: string;
                            id: string;
                            log: {
                                /**
                                 * Format: date-time
                                 * @description UTC, ISO 8601
                                 */
                                at: string;
                                attempt: number;
                                exchanges: {
                                    error?: {
                                        kind: string;
                                        message: string;
                                    };
                                    latencyMs: number;
                                    /** @description JSON pointers of what is masked in each part, "" for the whole; to be shown one by one */
                                    masked?: {
                                        request: string[];
                                        response: string[];
                                        url: string[];
                                    };
                                    method: string;
                                    requestBody?: string;
                                    requestHeaders: {
                                        [key: string]: string;
                                    };
                                    responseBody?: string;
                                    responseHeaders?: {
                                        [key: string]: string;
                                    };
                                    status?: number;
                                    url: string;
                                }[] | null;
                                id: number;
                                message: string;
                                nextStep: string | null;
                                operation: string;
                                outcome: string;
                                reasonCode: string | null;
                            }[];
                            nextStep: string | null;
                            note: string | null;
                            operation: string;
                            outcome: string | null;
                            parentId: string | null;
                            reason: string | null;
                            reasonCode: string | null;
                            retryAt: string | null;
                            /** @enum {string} */
                            state: "New" | "Requested" | "Completed" | "Failed" | "Retried" | "Manually Completed";
                            userId: string;
                            username: string;
                            version: number | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requests/{id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Record that a person did at the target by hand what failed here */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description What was done */
                        note: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: string;
                            attempts: number;
                            cause: string;
                            completedAt: string | null;
                            completedBy: string | null;
                            /**
                             * Format: date-time
                             * @description UTC, ISO 8601
                             */
                            createdAt: string;
                            id: string;
                            nextStep: string | null;
                            note: string | null;
                            operation: string;
                            outcome: string | null;
                            parentId: string | null;
                            reason: string | null;
                            reasonCode: string | null;
                            retryAt: string | null;
                            /** @enum {string} */
                            state: "New" | "Requested" | "Completed" | "Failed" | "Retried" | "Manually Completed";
                            userId: string;
                            username: string;
                            version: number | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requests/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try one failed request again, now */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Accepted */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            retried: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requests/{id}/unmask": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show one masked value of an exchange, for a reason; the audit keeps who, which and why, not the value */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Which of its exchanges, from 0 */
                        exchange: number;
                        /** @description The attempt’s line */
                        logId: number;
                        /** @enum {string} */
                        part: "url" | "request" | "response";
                        /** @description One of `masked`: a JSON pointer, or "" for the whole */
                        path: string;
                        /** @description Why it has to be seen */
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            value: unknown;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requests/causes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Requests grouped by app, cause and operation, which together are the key of a group */
        get: {
            parameters: {
                query?: {
                    app?: string;
                    /** @description Reason code, as in docs/errors.md */
                    cause?: string;
                    /** @description UTC, ISO 8601 */
                    from?: string;
                    operation?: "create" | "update" | "deactivate" | "reactivate" | "delete" | "link";
                    state?: "New" | "Requested" | "Completed" | "Failed" | "Retried" | "Manually Completed";
                    /** @description UTC, ISO 8601 */
                    to?: string;
                    /** @description Id or Username */
                    user?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                app: string;
                                example: string | null;
                                /** @description Who a retry of the group would concern */
                                failedUsers: number;
                                /**
                                 * Format: date-time
                                 * @description UTC, ISO 8601
                                 */
                                firstAt: string;
                                /** @description app, operation and cause: what is grouped by, and nothing else */
                                key: string;
                                /**
                                 * Format: date-time
                                 * @description UTC, ISO 8601
                                 */
                                lastAt: string;
                                /** @description The cause in plain words */
                                message: string;
                                /** @description What to do about it */
                                nextStep: string | null;
                                operation: string;
                                reasonCode: string;
                                requests: number;
                                users: number;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requests/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try everything that failed for one cause again, now */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        app: string;
                        cause: string;
                        /**
                         * @description Only those of one group
                         * @enum {string}
                         */
                        operation?: "create" | "update" | "deactivate" | "reactivate" | "delete" | "link";
                    };
                };
            };
            responses: {
                /** @description Accepted */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Users */
                            retried: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show how long requests, log and bodies are kept */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Retention"];
                    };
                };
            };
        };
        /** Change how long requests, log and bodies are kept */
        put: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of the record as it was read */
                    "If-Match": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description The HTTP exchanges in the log are kept for so many days; at most as long as the log */
                        bodyDays: number;
                        /** @description Requests, their log and closed holds are kept for so many days */
                        days: number;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Retention"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What people of each role may do */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                description: string;
                                /** @enum {string} */
                                role: "administrator" | "operator" | "help desk" | "auditor";
                                scopes: string[];
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rollouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the rollouts that move or stand still, of every app, each with what it waits for */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["OpenRollout"][];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is signed in in this browser, and how one can sign in
         * @description Answers also when nobody is signed in.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Sign out in this browser */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List my API keys */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["ApiKey"][];
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Make an API key of mine
         * @description It may do what its scopes say, as far as I may do it myself, and ends with me.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: date-time */
                        expiresAt: string;
                        /** @description Who or what uses it; the audit shows it */
                        name: string;
                        scopes: ("directory:read" | "directory:write" | "apps:read" | "apps:operate" | "apps:write" | "reasons:read" | "provision:now" | "provisioning:read" | "provisioning:write" | "exchanges:unmask" | "exchanges:read" | "holds:release" | "status-links:write" | "audit:read" | "keys:read" | "keys:write" | "people:read" | "people:write" | "retention:write" | "alerts:read" | "alerts:write" | "vault:read" | "vault:write" | "metrics:read" | "all")[];
                    };
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NewApiKey"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an API key of mine */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiKey"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a one-time link is for; it is not used up */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description What stands behind # in the link */
                        token: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            email: string | null;
                            /** Format: date-time */
                            expiresAt: string;
                            /** @enum {string} */
                            kind: "administrator" | "invitation" | "reset";
                            name: string | null;
                            /** @enum {string} */
                            role: "administrator" | "operator" | "help desk" | "auditor";
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/link/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Use a one-time link: choose a password and go on to the second factor */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description For the link of an administrator, which names nobody */
                        email?: string;
                        name?: string;
                        /** @description At least 12 characters */
                        password: string;
                        /** @description What stands behind # in the link */
                        token: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SignInStep"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign by a passkey */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description AuthenticationResponseJSON */
                        response: {
                            id: string;
                            rawId: string;
                            response: {
                                clientDataJSON: string;
                            } & {
                                [key: string]: unknown;
                            };
                            /** @enum {string} */
                            type: "public-key";
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SignInStep"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/passkey/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What the browser needs to sign by a passkey: as the second step, or instead of a password */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description PublicKeyCredentialRequestOptionsJSON */
                            options: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List my passkeys */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** @description Kept by its maker’s cloud too, rather than on one device alone */
                                backedUp: boolean;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: uuid */
                                id: string;
                                lastUsedAt: string | null;
                                name: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        /** Keep the passkey that the browser made */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description To tell it from others, such as "Laptop" */
                        name: string;
                        /** @description RegistrationResponseJSON */
                        response: {
                            id: string;
                            rawId: string;
                            response: {
                                clientDataJSON: string;
                            } & {
                                [key: string]: unknown;
                            };
                            /** @enum {string} */
                            type: "public-key";
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FactorChange"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/passkeys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a passkey of mine */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/passkeys/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What the browser needs to make a passkey */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description PublicKeyCredentialCreationOptionsJSON */
                            options: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * First step: e-mail address and password
         * @description In a browser that is signed in it is a fresh proof of who one is, and opens the session anew.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        email: string;
                        password: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SignInStep"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/password/change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change my password
         * @description Ends every other session of mine.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Left out only by who has none yet */
                        current?: string;
                        /** @description At least 12 characters */
                        next: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/recovery-code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Second step: a recovery code, each good once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        code: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SignInStep"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make new recovery codes; the ones before are no longer good */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            recoveryCodes: string[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List my sessions */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["SessionOfPerson"][];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Sign out everywhere, here too */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ended: number;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of my sessions */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/single-sign-on": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin a sign-in by the organisation’s OpenID provider
         * @description In a browser that is signed in it adds that identity to the person.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default / */
                        returnTo?: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            redirectTo: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/single-sign-on/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the OpenID provider sends the browser back to */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description See Other */
                303: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Second step: the code that an authenticator app shows */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        code: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SignInStep"];
                    };
                };
            };
        };
        /** Remove the authenticator app */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/totp/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the set-up by a code that the app shows */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        code: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FactorChange"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/totp/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin the set-up of an authenticator app */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Base32, to be typed in */
                            secret: string;
                            /** @description To be shown as a QR code */
                            uri: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/single-sign-on": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show how single sign-on is set, without its secret, and what sets it */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description False: the redirect address follows whichever address is visited */
                            hasPublicUrl: boolean;
                            /** @description To be registered at the provider */
                            redirectUri: string;
                            /** @description Null: nothing is set */
                            settings: {
                                clientId: string;
                                /** @description Of those whom no value gives one; null: they are not let in */
                                defaultRole: ("administrator" | "operator" | "help desk" | "auditor") | null;
                                /** @description Whose people come in uninvited; empty: everyone’s */
                                emailDomains: string[];
                                /** @description The secret itself is never told */
                                hasClientSecret: boolean;
                                issuer: string;
                                /** @description What the button of the sign-in page says */
                                label: string;
                                /** @description The claim that gives roles */
                                roleClaim: string | null;
                                /** @description Which value of that claim gives which role; the first that is held counts */
                                roles: {
                                    /** @enum {string} */
                                    role: "administrator" | "operator" | "help desk" | "auditor";
                                    value: string;
                                }[];
                                /** @description Asked for besides openid */
                                scopes: string[];
                            } | null;
                            /** @description What sets each, where the server is started */
                            variables: {
                                [key: string]: string;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/single-sign-on/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask the OpenID provider what it is; nobody is signed in */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            checks: {
                                /** @enum {string} */
                                check: "discovery" | "code flow" | "proof" | "keys" | "claim";
                                fix: string | null;
                                message: string;
                                ok: boolean;
                            }[];
                            ok: boolean;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a status link shows: the standing of its one user, without a session */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description What stands behind # in the link */
                        token: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OwnStatus"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/test-users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the users who are marked for tests */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                id: string;
                                isActive: boolean;
                                isTest: boolean;
                                username: string;
                            }[];
                            /** @description For the next page; null on the last one */
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/user-fields": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the fields of users, standard and custom */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["UserField"][];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List users
         * @description Any field filters by its exact value: filter[Department]=Sales. Upper and lower case differ in EmployeeNumber and FederationIdentifier only. An empty value finds users without one.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Also count all users that meet the conditions */
                    count?: "true" | "false";
                    /** @description `nextCursor` of the page before */
                    cursor?: string;
                    deleted?: "no" | "only" | "also";
                    isActive?: "true" | "false";
                    /** @description Most items of the page */
                    limit?: number;
                    /** @description Name or id; held directly and not expired */
                    permissionSet?: string;
                    /** @description Name or id; held and not expired */
                    permissionSetGroup?: string;
                    /** @description Name or id */
                    profile?: string;
                    /** @description Beginning of Username, Email, FirstName or LastName; several words: each the beginning of one; or a whole EmployeeNumber */
                    search?: string;
                    sort?: "Id" | "Username";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["User"][];
                            nextCursor: string | null;
                            /** @description Only with count=true */
                            total?: number;
                        };
                    };
                };
            };
        };
        put?: never;
        /** Create a user */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["UserChangeInput"];
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["User"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a user */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or Username */
                    user: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["User"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Delete a user
         * @description The user loses every account, frees the Username, and can be restored.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or Username */
                    user: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["User"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Change a user */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or Username */
                    user: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["UserChangeInput"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["User"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/users/{user}/apps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where a user stands at each app: one state, one sentence, and what to say to them
         * @description From what is on record; nothing is run. Apps that concern the user come first.
         */
        get: {
            parameters: {
                query?: {
                    /** @description false leaves out apps that nothing grants and that hold nothing of the user */
                    all?: "true" | "false";
                };
                header?: never;
                path: {
                    /** @description Id or Username */
                    user: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["AppStanding"][];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user}/assignments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the permission sets and groups of a user
         * @description Their ETag is the user’s.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or Username */
                    user: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["PermissionSetAssignment"][];
                        };
                    };
                };
            };
        };
        put?: never;
        /** Give a permission set or group to a user */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or Username */
                    user: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description null: for good */
                        ExpirationDate?: string | null;
                        /** @description By name */
                        PermissionSet?: string;
                        /** @description By name */
                        PermissionSetGroup?: string;
                    };
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PermissionSetAssignment"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user}/assignments/{assignment}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a permission set or group from a user */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    assignment: number;
                    /** @description Id or Username */
                    user: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PermissionSetAssignment"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Change until when a user has a permission set or group */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    assignment: number;
                    /** @description Id or Username */
                    user: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description null: for good */
                        ExpirationDate: string | null;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PermissionSetAssignment"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/users/{user}/personal-data": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Erase what is stored of a person
         * @description For a user who is deleted and whose accounts are finished with. Backups are not touched; what happened stays on record under the user’s id.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or Username */
                    user: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description Erase nothing, and say what would be erased
                         * @default false
                         */
                        dryRun?: boolean;
                        /**
                         * @description Also while the user is not deleted or an account is not finished with
                         * @default false
                         */
                        force?: boolean;
                        /** @description Why; kept in the audit for ever, so do not name the person */
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Erasure"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a deleted user */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or Username */
                    user: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["User"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user}/status-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a link that shows a user where their own accounts stand, and nothing else */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or Username */
                    user: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default 24 */
                        hours?: number;
                    };
                };
            };
            responses: {
                /** @description Created */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["StatusLink"];
                    };
                };
            };
        };
        /** End every status link of a user */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or Username */
                    user: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ended: number;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user}/test-user": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Mark a user as one for tests, whose accounts drills may take away; or take the mark away */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or Username */
                    user: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        isTest: boolean;
                    };
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            isActive: boolean;
                            isTest: boolean;
                            username: string;
                        };
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Users as a file: CSV for spreadsheets, or JSON lines; by Username
         * @description That they were exported, and by which filter, is an event of the audit.
         */
        get: {
            parameters: {
                query?: {
                    deleted?: "no" | "only" | "also";
                    format?: "csv" | "jsonl";
                    isActive?: "true" | "false";
                    /** @description Name or id; held directly and not expired */
                    permissionSet?: string;
                    /** @description Name or id; held and not expired */
                    permissionSetGroup?: string;
                    /** @description Name or id */
                    profile?: string;
                    /** @description Beginning of Username, Email, FirstName or LastName; several words: each the beginning of one; or a whole EmployeeNumber */
                    search?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import users from a CSV file
         * @description UTF-8, commas, the names of fields in the first line. PermissionSets and PermissionSetGroups are names parted by semicolons; a column that is absent leaves what users have, a blank cell takes it away. The same file twice changes nothing.
         */
        post: {
            parameters: {
                query?: {
                    /** @description So many may leave, although it is more than usual */
                    allowLeavers?: number;
                    /** @description Only show what would be done */
                    dryRun?: "true" | "false";
                    /** @description The column that tells which user a line means */
                    key?: "Username" | "FederationIdentifier" | "EmployeeNumber";
                    mode?: "all-or-nothing" | "skip-bad-rows";
                    /** @description The file is everybody: active users that it does not name leave */
                    snapshot?: "true" | "false";
                    /** @description From the dry run with snapshot=true */
                    snapshotToken?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "text/csv": string;
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ImportReport"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vault": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many secrets are sealed under which master key */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            keys: {
                                id: string;
                                /** @description False: this server was not given it, and cannot open what it sealed */
                                isHere: boolean;
                                /** @description New values are sealed under it */
                                seals: boolean;
                                values: number;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vault/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Seal every secret anew under the first master key, while everything goes on */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            keys: {
                                id: string;
                                /** @description False: this server was not given it, and cannot open what it sealed */
                                isHere: boolean;
                                /** @description New values are sealed under it */
                                seals: boolean;
                                values: number;
                            }[];
                            resealed: number;
                            unopened: {
                                field: string;
                                owner: string;
                                problem: string;
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            at: string;
                            /** @enum {string} */
                            status: "ok";
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metrics for Prometheus */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the database is there with its schema, and the server takes work */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            checks: {
                                name: string;
                                ok: boolean;
                                problem?: string;
                            }[];
                            /** @enum {string} */
                            status: "ready" | "not ready";
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Alert: {
            app: string | null;
            /** Format: date-time */
            createdAt: string;
            facts: {
                [key: string]: unknown;
            } | null;
            id: string;
            /** @enum {string} */
            kind: "credential_expiring" | "credential_dead" | "credential_restored" | "hold_waiting" | "rollout_halted" | "rollout_rolled_back" | "rollout_ready" | "rollback_unproved" | "app_quarantined" | "app_quarantine_ended" | "deletions_pending" | "test";
            link: string | null;
            message: string;
            nextStep: string;
            resolvedAt: string | null;
            /** @enum {string} */
            severity: "info" | "warning" | "critical";
            title: string;
        };
        AlertChannel: {
            config: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            createdAt: string;
            enabled: boolean;
            id: number;
            /** @enum {string} */
            kind: "webhook" | "email";
            kinds: ("credential_expiring" | "credential_dead" | "credential_restored" | "hold_waiting" | "rollout_halted" | "rollout_rolled_back" | "rollout_ready" | "rollback_unproved" | "app_quarantined" | "app_quarantine_ended" | "deletions_pending" | "test")[];
            name: string;
            /** Format: date-time */
            updatedAt: string;
        };
        ApiKey: {
            /** Format: date-time */
            createdAt: string;
            createdBy: string;
            expiresAt: string | null;
            /** Format: uuid */
            id: string;
            /** @description To the minute */
            lastUsedAt: string | null;
            name: string;
            /** @description Whose key it is; null is a machine’s */
            personId: string | null;
            /** @description The first characters of the key, to tell keys apart */
            prefix: string;
            revokedAt: string | null;
            scopes: string[];
        };
        AppStanding: {
            app: string;
            /** @description Whom to ask about the app */
            contact: {
                email: string | null;
                name: string | null;
                phone: string | null;
            } | null;
            label: string;
            nextAttemptAt: string | null;
            reason: {
                attribute?: string;
                /** @description What causes are grouped by; listed in docs/errors.md */
                code: string;
                detail?: string;
                message: string;
                nextStep: string;
                users?: string[];
            } | null;
            remoteUsername: string | null;
            /** @description What to tell the user, with nothing in it that is not theirs to know */
            sayToCaller: string;
            /** @description Why, in one sentence */
            sentence: string;
            since: string | null;
            /** @enum {string} */
            state: "has account" | "being created" | "waiting for stage" | "not assigned" | "held" | "failed" | "parked" | "app paused";
        };
        AuditEvent: {
            action: string;
            /** @description The name of the key, or the person’s e-mail address */
            actor: string;
            /** @enum {string} */
            actorKind: "api key" | "person" | "command line" | "system";
            after: unknown;
            app: string | null;
            /** Format: date-time */
            at: string;
            before: unknown;
            /** @description What differs between before and after */
            changes: {
                after: unknown;
                before: unknown;
                path: string;
            }[];
            entityId: string;
            entityKind: string;
            id: number;
            /** @description Address or host */
            origin: string | null;
            /** @description Who did it, or whose key it was */
            personId: string | null;
            reason: string | null;
            /** @description As in X-Request-Id and in the log */
            requestId: string | null;
            /** @description The person’s role at that moment */
            role: string | null;
            through: ("console" | "api" | "command line" | "system") | null;
            userAgent: string | null;
            userId: string | null;
            /** @description As the user is called now */
            username: string | null;
        };
        Authorization: {
            accessToken: {
                expiresAt: string | null;
                /** Format: date-time */
                obtainedAt: string;
                refreshes: number;
            };
            /** @description Whose authorization it is at the target; null where it does not say */
            account: {
                email: string | null;
                from: string;
                label: string | null;
                subject: string | null;
                /** @description The user of the directory that it seems to be */
                userId: string | null;
                /** @description It looks like an account of a person, who may leave */
                warning: string | null;
            } | null;
            ageSeconds: number;
            /** Format: date-time */
            authorizedAt: string;
            /** @description Who authorized or entered it here */
            authorizedBy: string;
            earlierLives: {
                ageSeconds: number;
                /** Format: date-time */
                authorizedAt: string;
                cause: string;
                /** Format: date-time */
                diedAt: string;
                idleSeconds: number | null;
                message: string;
            }[];
            grant: string | null;
            /** @description Refreshed then even if it is not used */
            keepAliveAt: string | null;
            kind: string;
            lastUsedAt: string | null;
            /** @description In force: entered by a person, or learned */
            policy: {
                /** @description How it was learned */
                how?: string;
                idleSeconds?: number;
                lifetimeSeconds?: number;
                /** @enum {string} */
                source: "entered" | "learned";
                untilRevoked?: boolean;
            } | null;
            predictedDeathAt: string | null;
            predictedWhy: string | null;
            problem: {
                code: string;
                message: string;
                nextStep: string;
                /** Format: date-time */
                since: string;
                status: number | null;
                targetSaid: string | null;
            } | null;
            refreshToken: {
                issuedAt: string | null;
                present: boolean;
                rotates: boolean | null;
            };
            retryAt: string | null;
            scopes: {
                granted: string[];
                missing: string[];
                requested: string[];
            };
            /** @enum {string} */
            state: "live" | "refused" | "dead";
            /** @description Restored from a backup: not kept alive before the app is resumed */
            suspended: boolean;
            /** @description The last harmless call */
            verification: {
                /** Format: date-time */
                at: string;
                fix?: string;
                message: string;
                ok: boolean;
            } | null;
        };
        ChangedApp: {
            /** @description The configuration in force */
            activeVersion: number | null;
            baseUrl: string;
            connector: string;
            counts: {
                active: number;
                assignments: number;
                due: number;
                held: number;
                /** @description Since when the one waits that was held first */
                heldSince: string | null;
                linked: number;
                parked: number;
                /** @description Since when the one waits that was parked first */
                parkedSince: string | null;
                retrying: number;
            };
            /** Format: date-time */
            createdAt: string;
            credential: {
                /** Format: date-time */
                enteredAt: string;
                /** @description False: it was entered for another origin, and is not sent */
                isForBaseUrl: boolean;
                kind: string;
                /** @description Where it may be sent */
                origins: string[];
            } | null;
            /** @description More deactivations than the larger of both within an hour are held */
            deactivationLimit: {
                count: number;
                percent: number;
            };
            description: string | null;
            /** @description It has a certificate to show to its target (mutual TLS) */
            hasClientCertificate: boolean;
            /** @description It has OAuth settings, whether or not anybody has authorized it */
            hasOAuth: boolean;
            id: number;
            label: string;
            maxConcurrency: number;
            maxPerSecond: number | null;
            name: string;
            /** @description Null: nobody has said whom to ask about it */
            presentation: components["schemas"]["Presentation"] | null;
            /** @description Nothing is sent, nothing is lost, and the target is probed until it is back */
            quarantine: {
                /** @enum {string} */
                cause: "credential" | "target" | "connector";
                message: string;
                nextStep: string;
                /** Format: date-time */
                probeAt: string;
                probeAttempts: number;
                /** Format: date-time */
                since: string;
                status: number | null;
                targetSaid: string | null;
            } | null;
            /** @enum {string} */
            state: "draft" | "active" | "paused";
            /** @description The target asked to be left alone until then */
            stoppedUntil: string | null;
            triggers: {
                create: boolean;
                deactivate: boolean;
                reactivate: boolean;
                update: boolean;
            };
            /** Format: date-time */
            updatedAt: string;
            warnings: {
                field: string;
                fix: string;
                problem: string;
            }[];
        };
        ChangedGuards: {
            app: string;
            approvals: {
                /** @description The user's manager may */
                manager: boolean;
                /** @description These may: e-mail addresses of people, names of keys */
                named: string[];
                /** @enum {string} */
                operation: "create" | "update" | "deactivate" | "reactivate" | "delete";
            }[];
            /** @description Null: they are the defaults */
            changed: {
                /**
                 * Format: date-time
                 * @description UTC, ISO 8601
                 */
                at: string;
                by: string;
            } | null;
            deactivation: {
                count: number;
                percent: number;
            };
            protectedUsers: {
                permissionSets: {
                    id: string;
                    name: string;
                }[];
                profiles: {
                    id: string;
                    name: string;
                }[];
                users: {
                    id: string;
                    name: string;
                }[];
            };
            /** @description What the hour lets pass little by little; null is off */
            slowBleed: {
                count: number;
                hours: number;
                /** @description Of the accounts that can be used; the larger of both is allowed */
                percent: number;
            } | null;
            thresholds: {
                /** @description Changes that give this target attribute another value; * counts each attribute by itself */
                attribute?: string;
                /** @description Only changes that take the value away */
                clears?: boolean;
                count: number;
                /** @description Names the guard in holds; unique within the app */
                name: string;
                /**
                 * @description Absent is any
                 * @enum {string}
                 */
                operation?: "create" | "update" | "deactivate" | "reactivate" | "delete";
                /** @description Of the accounts that can be used; the larger of both is allowed */
                percent: number;
                windowMinutes: number;
            }[];
            /** @description How far each limit is used up now */
            usage: {
                /** @description A threshold for every attribute has one for each */
                budget: string;
                during: string;
                guard: string;
                limit: number;
                used: number;
            }[];
            warnings: {
                field: string;
                fix: string;
                problem: string;
            }[];
        };
        ConfigurationVersion: {
            author: string;
            /** @description In the form in which it can be saved again */
            configuration: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            createdAt: string;
            isActive: boolean;
            note: string | null;
            rules: number;
            version: number;
        };
        ConnectedApp: {
            /** @description The configuration in force */
            activeVersion: number | null;
            baseUrl: string;
            connector: string;
            counts: {
                active: number;
                assignments: number;
                due: number;
                held: number;
                /** @description Since when the one waits that was held first */
                heldSince: string | null;
                linked: number;
                parked: number;
                /** @description Since when the one waits that was parked first */
                parkedSince: string | null;
                retrying: number;
            };
            /** Format: date-time */
            createdAt: string;
            credential: {
                /** Format: date-time */
                enteredAt: string;
                /** @description False: it was entered for another origin, and is not sent */
                isForBaseUrl: boolean;
                kind: string;
                /** @description Where it may be sent */
                origins: string[];
            } | null;
            /** @description More deactivations than the larger of both within an hour are held */
            deactivationLimit: {
                count: number;
                percent: number;
            };
            description: string | null;
            /** @description It has a certificate to show to its target (mutual TLS) */
            hasClientCertificate: boolean;
            /** @description It has OAuth settings, whether or not anybody has authorized it */
            hasOAuth: boolean;
            id: number;
            label: string;
            maxConcurrency: number;
            maxPerSecond: number | null;
            name: string;
            /** @description Null: nobody has said whom to ask about it */
            presentation: components["schemas"]["Presentation"] | null;
            /** @description Nothing is sent, nothing is lost, and the target is probed until it is back */
            quarantine: {
                /** @enum {string} */
                cause: "credential" | "target" | "connector";
                message: string;
                nextStep: string;
                /** Format: date-time */
                probeAt: string;
                probeAttempts: number;
                /** Format: date-time */
                since: string;
                status: number | null;
                targetSaid: string | null;
            } | null;
            /** @enum {string} */
            state: "draft" | "active" | "paused";
            /** @description The target asked to be left alone until then */
            stoppedUntil: string | null;
            triggers: {
                create: boolean;
                deactivate: boolean;
                reactivate: boolean;
                update: boolean;
            };
            /** Format: date-time */
            updatedAt: string;
        };
        CredentialForecast: {
            ageSeconds: number | null;
            app: string;
            appState: string;
            authorizedAt: string | null;
            ends: {
                /** Format: date-time */
                at: string;
                daysLeft: number;
                what: string;
                why: string;
            }[];
            grant: string | null;
            keepAliveAt: string | null;
            kind: string | null;
            label: string;
            lastUsedAt: string | null;
            nextStep: string | null;
            /** @enum {string} */
            outlook: "dead" | "critical" | "soon" | "later" | "kept alive" | "no end known" | "missing";
            ownerWarning: string | null;
            policy: {
                [key: string]: unknown;
            } | null;
            problem: string | null;
            /** @enum {string} */
            state: "live" | "refused" | "dead" | "missing";
        };
        CustomField: {
            /** Format: date-time */
            CreatedDate: string;
            Label: string;
            /** Format: date-time */
            LastModifiedDate: string;
            /** @description Most characters of a text */
            Length: number | null;
            Name: string;
            PicklistValues: string[] | null;
            /** @description A new user must have it, and it cannot be cleared */
            Required: boolean;
            /** @enum {string} */
            Type: "text" | "number" | "boolean" | "date" | "dateTime" | "picklist" | "multipicklist";
        };
        DemoCompany: {
            /** @description Null: it is not there */
            loaded: {
                /** Format: date-time */
                at: string;
                by: string;
            } | null;
            /** @description Why it cannot be loaded, or removed, now; empty: it can */
            obstacles: {
                field: string;
                fix: string;
                problem: string;
            }[];
            permissionSetGroups: string[];
            permissionSets: string[];
            /** @description How many it has, or would have */
            users: number;
        };
        Drill: {
            app: string;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            createdAt: string;
            createdBy: string;
            finishedAt: string | null;
            /** @description It passed, and proves something about the app as it is configured now */
            holds: boolean;
            id: string;
            nextStep: string | null;
            problem: string | null;
            /** @description The account that it made and left at the target */
            remoteId: string | null;
            startedAt: string | null;
            /** @enum {string} */
            state: "waiting" | "running" | "passed" | "failed" | "cancelled";
            userId: string;
            username: string;
            version: number;
        };
        Erasure: {
            dryRun: boolean;
            rows: {
                assignments: number;
                audit: number;
                /** @description What people decided not to have done for them; what rollouts kept of their accounts goes too */
                dismissals: number;
                holds: number;
                links: number;
                logLines: number;
                /** @description Rows about others that named the person */
                mentions: number;
                /** @description Changes in plans that are kept */
                planned: number;
                requests: number;
                user: number;
            };
            /** @description What was still to be done at targets; erase again when it is */
            unfinished: {
                app: string;
                why: string;
            }[];
        };
        FactorChange: {
            /** @description Only when they were made now; shown once */
            recoveryCodes: string[] | null;
            session: components["schemas"]["Session"];
        };
        Guards: {
            app: string;
            approvals: {
                /** @description The user's manager may */
                manager: boolean;
                /** @description These may: e-mail addresses of people, names of keys */
                named: string[];
                /** @enum {string} */
                operation: "create" | "update" | "deactivate" | "reactivate" | "delete";
            }[];
            /** @description Null: they are the defaults */
            changed: {
                /**
                 * Format: date-time
                 * @description UTC, ISO 8601
                 */
                at: string;
                by: string;
            } | null;
            deactivation: {
                count: number;
                percent: number;
            };
            protectedUsers: {
                permissionSets: {
                    id: string;
                    name: string;
                }[];
                profiles: {
                    id: string;
                    name: string;
                }[];
                users: {
                    id: string;
                    name: string;
                }[];
            };
            /** @description What the hour lets pass little by little; null is off */
            slowBleed: {
                count: number;
                hours: number;
                /** @description Of the accounts that can be used; the larger of both is allowed */
                percent: number;
            } | null;
            thresholds: {
                /** @description Changes that give this target attribute another value; * counts each attribute by itself */
                attribute?: string;
                /** @description Only changes that take the value away */
                clears?: boolean;
                count: number;
                /** @description Names the guard in holds; unique within the app */
                name: string;
                /**
                 * @description Absent is any
                 * @enum {string}
                 */
                operation?: "create" | "update" | "deactivate" | "reactivate" | "delete";
                /** @description Of the accounts that can be used; the larger of both is allowed */
                percent: number;
                windowMinutes: number;
            }[];
            /** @description How far each limit is used up now */
            usage: {
                /** @description A threshold for every attribute has one for each */
                budget: string;
                during: string;
                guard: string;
                limit: number;
                used: number;
            }[];
        };
        ImportReport: {
            /** @description false after a dry run */
            applied: boolean;
            /** @description Rows that were left out */
            bad: number;
            /** @description The first 1,000 */
            changes: {
                fields: string[];
                Id: string;
                line: number;
                /** @enum {string} */
                outcome: "created" | "updated";
                Username: string;
            }[];
            created: number;
            deactivated: number;
            /** Format: uuid */
            importId: string;
            key: string;
            leavers: {
                activeUsers: number;
                count: number;
                /** @description More than these leave only with allowLeavers */
                limit: number;
                /** @description The real run must send it */
                snapshotToken: string;
                /** @description The first 1,000 */
                users: {
                    Id: string;
                    Username: string;
                }[];
            } | null;
            /** @description Users that are absent from the snapshot */
            left: number;
            mode: string;
            problemCount: number;
            /** @description The first 10,000, by line */
            problems: {
                column: string | null;
                fix: string;
                line: number;
                problem: string;
            }[];
            reactivated: number;
            rows: number;
            unchanged: number;
            updated: number;
        };
        InvitedPerson: {
            /** Format: date-time */
            createdAt: string;
            createdBy: string;
            disabledAt: string | null;
            email: string;
            hasPassword: boolean;
            /** Format: uuid */
            id: string;
            lastSignInAt: string | null;
            link: components["schemas"]["OneTimeLink"];
            name: string;
            /** @enum {string} */
            role: "administrator" | "operator" | "help desk" | "auditor";
            secondFactor: {
                passkeys: number;
                recoveryCodesLeft: number;
                totp: boolean;
            };
            singleSignOn: boolean;
            /**
             * @description invited: has not come in yet
             * @enum {string}
             */
            state: "invited" | "active" | "disabled";
            /** Format: date-time */
            updatedAt: string;
        };
        MatchingItem: {
            accountName: string | null;
            /** @description At the target; null: it does not say */
            active: boolean | null;
            /** @enum {string} */
            category: "matched" | "ambiguous" | "missing" | "orphaned" | "inactive" | "duplicate";
            decidedAt: string | null;
            decidedBy: string | null;
            decision: ("link" | "ignore") | null;
            decisionNote: string | null;
            displayName: string | null;
            email: string | null;
            explanation: string | null;
            id: number;
            linked: boolean;
            matchedBy: string | null;
            otherAccounts: string[];
            otherUsers: string[];
            /** @description Why the last decision could not be carried out */
            refusal: string | null;
            remoteId: string | null;
            standing: ("entitled" | "out of scope" | "not assigned" | "inactive" | "deleted") | null;
            userId: string | null;
            username: string | null;
        };
        MatchingReport: {
            app: string;
            byCategory: {
                [key: string]: number;
            } | null;
            byMatchedBy: {
                [key: string]: number;
            } | null;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            createdAt: string;
            createdBy: string;
            finishedAt: string | null;
            /** @description 12,403 accounts and 9,871 users: 9,850 matched, 3 ambiguous, … */
            headline: string;
            id: string;
            /** @description False: the app is at another target or configuration by now */
            isCurrent: boolean;
            /** @description Accounts that can be used, of users who are inactive or deleted here */
            leaversInside: number | null;
            /** @description Linked already when it was made */
            linked: number | null;
            note: string | null;
            problem: string | null;
            progress: {
                /** @description Read from the target */
                accounts: number;
                pages: number;
                /** @description Compared with them */
                users: number;
            };
            /** @description The target failed, and is asked again then */
            retryAt: string | null;
            startedAt: string | null;
            /** @enum {string} */
            state: "waiting" | "reading" | "matching" | "ready" | "failed" | "cancelled";
            /** @description Of the configuration whose matching attributes it uses */
            version: number;
        };
        NewApiKey: {
            /** Format: date-time */
            createdAt: string;
            createdBy: string;
            expiresAt: string | null;
            /** Format: uuid */
            id: string;
            key: string;
            /** @description To the minute */
            lastUsedAt: string | null;
            name: string;
            /** @description Whose key it is; null is a machine’s */
            personId: string | null;
            /** @description The first characters of the key, to tell keys apart */
            prefix: string;
            revokedAt: string | null;
            scopes: string[];
        };
        OAuth: {
            /** @description Null: USHER_PUBLIC_URL is not set */
            callbackUrl: string | null;
            consumerKey: string | null;
            consumerSecretExpiresAt: string | null;
            consumerSource: ("generated" | "entered" | "registered") | null;
            discovered: ("openid" | "oauth") | null;
            /** @description Pinned when the settings were saved */
            endpoints: {
                [key: string]: string;
            };
            hasConsumerSecret: boolean;
            /** @description Where the consumer secret and the refresh token are sent, and nowhere else */
            origins: string[];
            /** @description What the discovery document promises */
            promises: {
                [key: string]: unknown;
            };
            publicKeys: {
                [key: string]: unknown;
            }[];
            /** @description In the form in which they can be saved again */
            settings: {
                [key: string]: unknown;
            };
            staged: {
                /** Format: date-time */
                at: string;
                by: string;
                consumerKey: string;
                /**
                 * Format: date-time
                 * @description It is forgotten then
                 */
                expiresAt: string;
                /**
                 * @description To come, or replaced and still working
                 * @enum {string}
                 */
                state: "staged" | "rotated";
                /** @description It was accepted while the present pair was not: apply it */
                workedAt: string | null;
            } | null;
            /** Format: date-time */
            updatedAt: string;
        };
        OneTimeLink: {
            /** Format: date-time */
            expiresAt: string;
            /** @description Good once. Shown only now */
            url: string;
        };
        OpenRollout: {
            app: string;
            id: number;
            /** @description Of the app, for people */
            label: string;
            /** @description Null: it is in the last one */
            nextStage: string | null;
            nextStep: string | null;
            sentence: string;
            /**
             * Format: date-time
             * @description When the stage began, when it was ready, or when it came to stand still
             */
            since: string;
            /** @description How long the stage is still to be watched; null: it stands still */
            soakLeftMs: number | null;
            /** @description The stage that it is in: the pilot, 10 %, everyone */
            stage: string;
            /** @enum {string} */
            state: "planned" | "running" | "paused" | "halted" | "stopped" | "completed" | "rolled back" | "superseded";
            version: number;
            /**
             * @description soaking: time; approval: somebody to let it go on; gate: it was watched long enough, and a gate is closed
             * @enum {string}
             */
            waits: "soaking" | "approval" | "gate" | "paused" | "halted" | "stopped";
        };
        Organization: {
            EmailEncodingKey: string;
            LanguageLocaleKey: string;
            LocaleSidKey: string;
            /** @description IANA name. Decides the day of TODAY(), and is the default of new users */
            TimeZoneSidKey: string;
        };
        OwnStatus: {
            apps: {
                label: string;
                nextAttemptAt: string | null;
                sentence: string;
                since: string | null;
                /** @enum {string} */
                state: "has account" | "being created" | "waiting for stage" | "not assigned" | "held" | "failed" | "parked" | "app paused";
            }[];
            /** Format: date-time */
            expiresAt: string;
            name: string;
        };
        PermissionSet: {
            /** Format: date-time */
            CreatedDate: string;
            Description: string | null;
            Id: string;
            Label: string;
            /** Format: date-time */
            LastModifiedDate: string;
            Name: string;
        };
        PermissionSetAssignment: {
            /** Format: date-time */
            CreatedDate: string;
            ExpirationDate: string | null;
            Id: string;
            /** @description Not expired */
            IsActive: boolean;
            PermissionSet: string | null;
            PermissionSetGroup: string | null;
        };
        PermissionSetGroup: {
            /** Format: date-time */
            CreatedDate: string;
            Description: string | null;
            Id: string;
            Label: string;
            /** Format: date-time */
            LastModifiedDate: string;
            Name: string;
            /** @description Its components */
            PermissionSets: string[];
        };
        Person: {
            /** Format: date-time */
            createdAt: string;
            createdBy: string;
            disabledAt: string | null;
            email: string;
            hasPassword: boolean;
            /** Format: uuid */
            id: string;
            lastSignInAt: string | null;
            name: string;
            /** @enum {string} */
            role: "administrator" | "operator" | "help desk" | "auditor";
            secondFactor: {
                passkeys: number;
                recoveryCodesLeft: number;
                totp: boolean;
            };
            singleSignOn: boolean;
            /**
             * @description invited: has not come in yet
             * @enum {string}
             */
            state: "invited" | "active" | "disabled";
            /** Format: date-time */
            updatedAt: string;
        };
        PopulationPlan: {
            ageSeconds: number;
            app: string;
            applied: {
                /**
                 * Format: date-time
                 * @description UTC, ISO 8601
                 */
                at: string;
                by: string;
                /** @description Users that changed since the plan; listed with leftOut=true */
                leftOut: number;
                /** @description Users that are due now */
                marked: number;
                version: number;
            } | null;
            /** @description In force when the plan was asked for; applying demands that it still is */
            baseVersion: number | null;
            /** @description Users whose attribute would be written */
            byAttribute: {
                [key: string]: number;
            };
            byCause: {
                [key: string]: number;
            };
            /** @description Changes that the configuration in force would not make */
            byConfiguration: number;
            byOperation: {
                [key: string]: number;
            };
            collisions: {
                count: number;
                /** @description The first 1,000 */
                items: {
                    path: string;
                    users: {
                        departed: boolean;
                        userId: string;
                        username: string;
                    }[];
                    value: string;
                }[];
            };
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            createdAt: string;
            createdBy: string;
            /** @description What sending it would take at the pace of the app */
            duration: {
                /** @enum {string} */
                basis: "rate limit" | "recent latency" | "assumed latency";
                calls: number;
                callsPerSecond: number;
                seconds: number;
            };
            /** @description Will have a usable account and have none now */
            enters: number;
            finishedAt: string | null;
            /** @description Whether the deactivation guard would hold what it takes away */
            guard: {
                limit: number;
                usedInWindow: number;
                wanted: number;
                wouldHold: boolean;
            };
            /** @description 12,403 people: 31 create, 940 update, 2 deactivate, 9 parked */
            headline: string;
            /** @description Changes that a hold stops */
            held: number;
            id: string;
            leaves: number;
            note: string | null;
            /**
             * Format: date-time
             * @description The moment that it was made for
             */
            plannedAt: string;
            problem: string | null;
            progress: {
                done: number;
                total: number;
            };
            /** @description Null: everybody */
            scope: {
                permissionSetGroups?: string[];
                permissionSets?: string[];
                profiles?: string[];
                users?: string[];
            } | null;
            /** @enum {string} */
            state: "waiting" | "running" | "ready" | "failed" | "cancelled" | "applying" | "applied";
            unchanged: number;
            /** @description Of the planned configuration; null: it is not saved yet */
            version: number | null;
            /** @description Users for whom nothing is sent on purpose, by reason code */
            waiting: {
                [key: string]: number;
            };
        };
        Presentation: {
            contactEmail: string | null;
            contactName: string | null;
            contactPhone: string | null;
            /** @description GET …/logo gives it */
            hasLogo: boolean;
            infoUrl: string | null;
            /** @description Of the last change, the logo’s included */
            updatedAt: string | null;
        };
        Problem: {
            /** @enum {string} */
            code: "invalid_request" | "unauthenticated" | "forbidden" | "confirmation_required" | "cross_site" | "not_found" | "method_not_allowed" | "already_exists" | "conflict" | "precondition_failed" | "too_large" | "unsupported_media_type" | "invalid_value" | "precondition_required" | "rate_limited" | "internal" | "unavailable";
            detail: string;
            errors: {
                field: string;
                fix: string;
                /**
                 * @description Where the console mends it
                 * @enum {string}
                 */
                place?: "apps" | "setup" | "users" | "credential" | "mapping" | "versions" | "plans" | "matching" | "drill" | "drills" | "test users" | "rollouts" | "pilot";
                problem: string;
            }[];
            /** @description Names this occurrence; the log has it as `requestId` */
            instance: string;
            status: number;
            title: string;
            type: string;
        };
        Profile: {
            /** Format: date-time */
            CreatedDate: string;
            Description: string | null;
            Id: string;
            /** Format: date-time */
            LastModifiedDate: string;
            Name: string;
        };
        Readiness: {
            app: string;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            checkedAt: string;
            /** @description drill: the first five pieces; pilot: a passed drill and a named pilot besides; promotion: the drill still holds */
            levels: {
                drill: {
                    blockers: {
                        fix: string;
                        piece: string;
                        /** @description Where the console does it, when that is not where the piece is */
                        place: ("apps" | "setup" | "users" | "credential" | "mapping" | "versions" | "plans" | "matching" | "drill" | "drills" | "test users" | "rollouts" | "pilot") | null;
                        problem: string;
                    }[];
                    open: boolean;
                };
                pilot: {
                    blockers: {
                        fix: string;
                        piece: string;
                        /** @description Where the console does it, when that is not where the piece is */
                        place: ("apps" | "setup" | "users" | "credential" | "mapping" | "versions" | "plans" | "matching" | "drill" | "drills" | "test users" | "rollouts" | "pilot") | null;
                        problem: string;
                    }[];
                    open: boolean;
                };
                promotion: {
                    blockers: {
                        fix: string;
                        piece: string;
                        /** @description Where the console does it, when that is not where the piece is */
                        place: ("apps" | "setup" | "users" | "credential" | "mapping" | "versions" | "plans" | "matching" | "drill" | "drills" | "test users" | "rollouts" | "pilot") | null;
                        problem: string;
                    }[];
                    open: boolean;
                };
            };
            /** @description The six, in the order in which they are wired up */
            pieces: {
                checks: {
                    check: string;
                    /** @description What to do; null when it is in order */
                    fix: string | null;
                    message: string;
                    ok: boolean;
                    /** @description Where the console does it, when that is not where the piece is */
                    place: ("apps" | "setup" | "users" | "credential" | "mapping" | "versions" | "plans" | "matching" | "drill" | "drills" | "test users" | "rollouts" | "pilot") | null;
                }[];
                ok: boolean;
                /** @enum {string} */
                piece: "app" | "protocol" | "credential" | "mapping" | "triggers" | "trial";
                title: string;
                warnings: {
                    fix: string;
                    message: string;
                }[];
            }[];
            /** @description Of the configuration that was looked at */
            version: number | null;
        };
        Retention: {
            /** @description The HTTP exchanges in the log are kept for so many days; at most as long as the log */
            bodyDays: number;
            /** @description Requests, their log and closed holds are kept for so many days */
            days: number;
        };
        Rollback: {
            app: string;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            at: string;
            by: string;
            counts: {
                [key: string]: number;
            };
            finishedAt: string | null;
            /** @description Users of this stage and those after it went back; 0: everybody */
            fromStage: number;
            fromVersion: number;
            id: number;
            /** @description Each account was read at the target, and is what the version before says */
            isProved: boolean;
            /** @description How many accounts go back */
            marked: number;
            reason: string;
            rollout: number;
            sentence: string;
            /**
             * @description healing: accounts are written back; done: each was read at the target
             * @enum {string}
             */
            state: "healing" | "done";
            /** @description Null: nobody was served before */
            toVersion: number | null;
        };
        RollbackProof: {
            detail: string | null;
            /** @description What the account has otherwise than the version before says */
            differences: {
                expected: unknown;
                found: unknown;
                path: string;
            }[] | null;
            readAt: string | null;
            /** @enum {string} */
            state: "healing" | "as before" | "differs" | "gone" | "no account" | "held" | "parked" | "left" | "could not be read";
            userId: string;
            username: string;
        };
        Rollout: {
            app: string;
            /** @description What serves those whom it has not reached; null: they wait */
            baseVersion: number | null;
            /**
             * Format: date-time
             * @description The last command
             */
            changedAt: string;
            changedBy: string;
            changedHow: string;
            /** @description What may be done now */
            commands: {
                /** @enum {string} */
                command: "start" | "pause" | "continue" | "advance" | "stop" | "undo" | "roll back";
                fix: string | null;
                /** @description In words: the 10 % stage, version 3 for all */
                leadsTo: string | null;
                /** @description What is to be given with it now */
                needs: ("reason" | "override")[];
                possible: boolean;
                /** @description Why not */
                why: string | null;
            }[];
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            createdAt: string;
            createdBy: string;
            endedAt: string | null;
            /** @description Before the next stage, or the start, or the end; none of one that is over */
            gates: {
                /** @description What opens it */
                fix: string | null;
                /** @enum {string} */
                gate: "readiness" | "work" | "soak" | "failures" | "holds";
                message: string;
                open: boolean;
            }[];
            /** @description Why it stands still */
            halt: {
                /**
                 * Format: date-time
                 * @description UTC, ISO 8601
                 */
                at: string;
                by: string;
                failed?: number;
                why: string;
                worked?: number;
            } | null;
            id: number;
            note: string | null;
            /**
             * @description working: users are on their way; soaking: all are worked, and the time is not over; blocked: a gate
             * @enum {string}
             */
            phase: "planned" | "working" | "soaking" | "blocked" | "ready" | "standing still" | "over";
            pilot: {
                permissionSets: {
                    id: number;
                    name: string;
                }[];
                profiles: {
                    id: number;
                    name: string;
                }[];
                users: {
                    id: string;
                    name: string;
                }[];
            };
            /** @description When the pieces were looked at for the gate; commands look anew */
            readinessCheckedAt: string | null;
            /** @description The ETag, without its quotes */
            revision: number;
            /** @description The latest way back */
            rollback: components["schemas"]["Rollback"] | null;
            sentence: string;
            /** @description Null: it reached everyone at once */
            settings: {
                /** @description More failures in a stage than both halt it; more than the share alone keep the next stage closed */
                failureLimit: {
                    count: number;
                    percent: number;
                };
                /**
                 * @description What happens by itself when the limit is passed
                 * @enum {string}
                 */
                onFailure: "halt" | "roll back";
                /** @description How long each stage is watched before the next may begin */
                soakHours: number;
            } | null;
            /** @description Ordinal of the stage that it is in; -1: not begun */
            stage: number;
            stages: {
                /** @description How many accounts got another value, by attribute */
                changedAttributes: {
                    count: number;
                    path: string;
                }[];
                /** @enum {string} */
                kind: "pilot" | "percent" | "everyone";
                /** @description Of the target’s latest answers */
                latency: {
                    calls: number;
                    p50Ms: number | null;
                    p95Ms: number | null;
                };
                /** @description the pilot, 10 %, everyone */
                name: string;
                ordinal: number;
                /** @description What the closed gates said */
                overridden: string[];
                /** @description Why a closed gate was passed on the way into it */
                overrideReason: string | null;
                percent: number | null;
                /** @description How many it brought in when it began */
                reached: number;
                /** @description How long it was watched */
                soakedMs: number;
                /** @description How long it is still to be watched; null: it is not watched */
                soakLeftMs: number | null;
                /** @description Null: not begun */
                startedAt: string | null;
                startedBy: string | null;
                /** @description Each user of the stage once */
                work: {
                    /** @description Worked, and in order */
                    done: number;
                    /** @description Needs a person, through this version; also what failed three times and is tried again */
                    failed: number;
                    /** @description Parked before this version came, and still for the same reason */
                    failedBefore: number;
                    /** @description Stopped by a guard */
                    held: number;
                    /** @description On their way */
                    pending: number;
                    reached: number;
                    /** @description Failed, and tried again */
                    retrying: number;
                    /** @description Nothing is sent on purpose: a trigger, a policy, no grant */
                    waiting: number;
                };
            }[];
            startedAt: string | null;
            /** @enum {string} */
            state: "planned" | "running" | "paused" | "halted" | "stopped" | "completed" | "rolled back" | "superseded";
            version: number;
            /** @description Why it reached everyone at once */
            withoutRollout: string | null;
        };
        RolloutPlace: {
            /** @description Of 10,000: the first share above it brings the user in */
            bucket: number;
            /** @description The stage that will reach them, unless one has */
            nextStage: number | null;
            rollout: number;
            sentence: string;
            since: string | null;
            /** @description The stage that reached the user; null: none has */
            stage: number | null;
            userId: string;
            /** @description Which version serves the user; null: none does yet */
            version: number | null;
        };
        RolloutSummary: {
            app: string;
            /** @description What serves those whom it has not reached; null: they wait */
            baseVersion: number | null;
            /**
             * Format: date-time
             * @description The last command
             */
            changedAt: string;
            changedBy: string;
            changedHow: string;
            /**
             * Format: date-time
             * @description UTC, ISO 8601
             */
            createdAt: string;
            createdBy: string;
            endedAt: string | null;
            /** @description Why it stands still */
            halt: {
                /**
                 * Format: date-time
                 * @description UTC, ISO 8601
                 */
                at: string;
                by: string;
                failed?: number;
                why: string;
                worked?: number;
            } | null;
            id: number;
            note: string | null;
            /** @description The ETag, without its quotes */
            revision: number;
            /** @description Null: it reached everyone at once */
            settings: {
                /** @description More failures in a stage than both halt it; more than the share alone keep the next stage closed */
                failureLimit: {
                    count: number;
                    percent: number;
                };
                /**
                 * @description What happens by itself when the limit is passed
                 * @enum {string}
                 */
                onFailure: "halt" | "roll back";
                /** @description How long each stage is watched before the next may begin */
                soakHours: number;
            } | null;
            /** @description Ordinal of the stage that it is in; -1: not begun */
            stage: number;
            stages: {
                /** @enum {string} */
                kind: "pilot" | "percent" | "everyone";
                /** @description the pilot, 10 %, everyone */
                name: string;
                ordinal: number;
                /** @description What the closed gates said */
                overridden: string[];
                /** @description Why a closed gate was passed on the way into it */
                overrideReason: string | null;
                percent: number | null;
                /** @description How many it brought in when it began */
                reached: number;
                /** @description How long it was watched */
                soakedMs: number;
                /** @description Null: not begun */
                startedAt: string | null;
                startedBy: string | null;
            }[];
            startedAt: string | null;
            /** @enum {string} */
            state: "planned" | "running" | "paused" | "halted" | "stopped" | "completed" | "rolled back" | "superseded";
            version: number;
            /** @description Why it reached everyone at once */
            withoutRollout: string | null;
        };
        SavedOAuth: {
            /** @description Null: USHER_PUBLIC_URL is not set */
            callbackUrl: string | null;
            consumerKey: string | null;
            consumerSecretExpiresAt: string | null;
            consumerSource: ("generated" | "entered" | "registered") | null;
            discovered: ("openid" | "oauth") | null;
            /** @description Pinned when the settings were saved */
            endpoints: {
                [key: string]: string;
            };
            hasConsumerSecret: boolean;
            /** @description Where the consumer secret and the refresh token are sent, and nowhere else */
            origins: string[];
            /** @description What the discovery document promises */
            promises: {
                [key: string]: unknown;
            };
            publicKeys: {
                [key: string]: unknown;
            }[];
            /** @description In the form in which they can be saved again */
            settings: {
                [key: string]: unknown;
            };
            staged: {
                /** Format: date-time */
                at: string;
                by: string;
                consumerKey: string;
                /**
                 * Format: date-time
                 * @description It is forgotten then
                 */
                expiresAt: string;
                /**
                 * @description To come, or replaced and still working
                 * @enum {string}
                 */
                state: "staged" | "rotated";
                /** @description It was accepted while the present pair was not: apply it */
                workedAt: string | null;
            } | null;
            /** Format: date-time */
            updatedAt: string;
            warnings: {
                field: string;
                fix: string;
                problem: string;
            }[];
        };
        Session: {
            /** @description To be sent as x-csrf-token with every change; new with each session */
            csrfToken: string | null;
            expiresAt: string | null;
            hasPassword: boolean | null;
            /** @description When it ends without another request */
            idleExpiresAt: string | null;
            /** @description How the person signed in */
            method: string | null;
            person: {
                email: string;
                /** Format: uuid */
                id: string;
                name: string;
                /** @enum {string} */
                role: "administrator" | "operator" | "help desk" | "auditor";
            } | null;
            /** @description When the person last proved who they are */
            provedAt: string | null;
            /** @description Every single one, so that nobody needs to know what includes what */
            scopes: string[];
            secondFactor: {
                passkeys: number;
                recoveryCodesLeft: number;
                totp: boolean;
            } | null;
            signedIn: boolean;
            signIn: {
                /** @description Nobody administers this Usher yet: its terminal shows a link, "usher admin-link" another */
                firstAdministrator: boolean;
                /** @description false where browsers take none: at an IP address, or without https */
                passkey: boolean;
                /** @constant */
                password: true;
                singleSignOn: {
                    label: string;
                } | null;
            };
            /** @description enrolling: nothing works but setting up a second factor */
            stage: ("full" | "enrolling") | null;
        };
        SessionOfPerson: {
            address: string;
            /** Format: date-time */
            createdAt: string;
            /** @description The one that asks */
            current: boolean;
            /** Format: date-time */
            expiresAt: string;
            /** Format: uuid */
            id: string;
            /**
             * Format: date-time
             * @description To the minute
             */
            lastSeenAt: string;
            method: string;
            /** @enum {string} */
            stage: "full" | "enrolling";
            userAgent: string;
        };
        ShownConsumer: {
            consumerKey: string;
            /** @description Shown now and never again */
            consumerSecret: string | null;
            expiresAt: string | null;
            publicKey: {
                [key: string]: unknown;
            } | null;
        };
        SignInStep: {
            /** @description For next "second factor" */
            methods: ("totp" | "passkey" | "recovery code")[];
            /** @enum {string} */
            next: "done" | "set up a second factor" | "second factor";
            /** @description null while a second factor is to come */
            session: components["schemas"]["Session"] | null;
        };
        StartedApp: {
            /** @description The configuration in force */
            activeVersion: number | null;
            baseUrl: string;
            connector: string;
            counts: {
                active: number;
                assignments: number;
                due: number;
                held: number;
                /** @description Since when the one waits that was held first */
                heldSince: string | null;
                linked: number;
                parked: number;
                /** @description Since when the one waits that was parked first */
                parkedSince: string | null;
                retrying: number;
            };
            /** Format: date-time */
            createdAt: string;
            credential: {
                /** Format: date-time */
                enteredAt: string;
                /** @description False: it was entered for another origin, and is not sent */
                isForBaseUrl: boolean;
                kind: string;
                /** @description Where it may be sent */
                origins: string[];
            } | null;
            /** @description More deactivations than the larger of both within an hour are held */
            deactivationLimit: {
                count: number;
                percent: number;
            };
            description: string | null;
            /** @description It has a certificate to show to its target (mutual TLS) */
            hasClientCertificate: boolean;
            /** @description It has OAuth settings, whether or not anybody has authorized it */
            hasOAuth: boolean;
            id: number;
            label: string;
            /** @description How many are due now */
            links: number;
            maxConcurrency: number;
            maxPerSecond: number | null;
            name: string;
            /** @description Null: nobody has said whom to ask about it */
            presentation: components["schemas"]["Presentation"] | null;
            /** @description Nothing is sent, nothing is lost, and the target is probed until it is back */
            quarantine: {
                /** @enum {string} */
                cause: "credential" | "target" | "connector";
                message: string;
                nextStep: string;
                /** Format: date-time */
                probeAt: string;
                probeAttempts: number;
                /** Format: date-time */
                since: string;
                status: number | null;
                targetSaid: string | null;
            } | null;
            /** @enum {string} */
            state: "draft" | "active" | "paused";
            /** @description The target asked to be left alone until then */
            stoppedUntil: string | null;
            triggers: {
                create: boolean;
                deactivate: boolean;
                reactivate: boolean;
                update: boolean;
            };
            /** Format: date-time */
            updatedAt: string;
            warnings: {
                field: string;
                fix: string;
                problem: string;
            }[];
        };
        StatusLink: {
            /** Format: date-time */
            expiresAt: string;
            /** @description Shown only now */
            url: string;
        };
        User: {
            /** About Me */
            AboutMe?: string | null;
            /** Account ID */
            readonly AccountId?: string | null;
            /**
             * Alias
             * @description Made from the first letter of FirstName and from LastName when left out.
             */
            Alias?: string | null;
            /** City */
            City?: string | null;
            /**
             * Nickname
             * @description Made from Username when left out.
             */
            CommunityNickname?: string | null;
            /** Company Name */
            CompanyName?: string | null;
            /** Contact ID */
            ContactId?: string | null;
            /** Country */
            Country?: string | null;
            /** Country Code */
            CountryCode?: string | null;
            /** Created Date */
            readonly CreatedDate?: string | null;
            /**
             * Default Currency
             * @description An ISO 4217 code such as EUR.
             */
            DefaultCurrencyIsoCode?: string | null;
            /** Delegated Approver ID */
            DelegatedApproverId?: string | null;
            /** Department */
            Department?: string | null;
            /**
             * Chatter Email Highlights Frequency
             * @description Daily, weekly or never.
             * @enum {string|null}
             */
            DigestFrequency?: "D" | "W" | "N" | null;
            /** Division */
            Division?: string | null;
            /** Email */
            Email?: string | null;
            /**
             * Email Encoding
             * @description The organization’s when left out.
             * @enum {string|null}
             */
            EmailEncodingKey?: "UTF-8" | "ISO-8859-1" | "Shift_JIS" | "ISO-2022-JP" | "EUC-JP" | "ks_c_5601-1987" | "Big5" | "GB2312" | "Big5-HKSCS" | "x-SJIS_0213" | null;
            /** Employee Number */
            EmployeeNumber?: string | null;
            /** Extension */
            Extension?: string | null;
            /** Fax */
            Fax?: string | null;
            /**
             * SAML Federation ID
             * @description Unique among the users that are not deleted.
             */
            FederationIdentifier?: string | null;
            /** First Name */
            FirstName?: string | null;
            /** Allow Forecasting */
            ForecastEnabled?: boolean | null;
            /** User ID */
            readonly Id?: string | null;
            /**
             * Active
             * @description true when left out. Turning it false deactivates the accounts.
             */
            IsActive?: boolean | null;
            /** Deleted */
            readonly IsDeleted?: boolean | null;
            /**
             * Language
             * @description Such as de. The organization’s when left out.
             */
            LanguageLocaleKey?: string | null;
            /** Last Login */
            readonly LastLoginDate?: string | null;
            /** Last Modified Date */
            readonly LastModifiedDate?: string | null;
            /** Last Name */
            LastName?: string | null;
            /**
             * Locale
             * @description Such as de_DE. The organization’s when left out.
             */
            LocaleSidKey?: string | null;
            /**
             * Manager
             * @description By Username.
             */
            Manager?: string | null;
            /**
             * Manager ID
             * @description Instead of Manager.
             */
            ManagerId?: string | null;
            /** Middle Name */
            MiddleName?: string | null;
            /** Mobile */
            MobilePhone?: string | null;
            /**
             * Full Name
             * @description FirstName and LastName.
             */
            readonly Name?: string | null;
            /**
             * Permission Set Groups
             * @description Names, parted by semicolons in a text. The whole list: those left out of it are taken away.
             */
            PermissionSetGroups?: string[] | null;
            /**
             * Permission Sets
             * @description Names, parted by semicolons in a text. The whole list: those left out of it are taken away.
             */
            PermissionSets?: string[] | null;
            /** Phone */
            Phone?: string | null;
            /** Zip/Postal Code */
            PostalCode?: string | null;
            /**
             * Profile
             * @description By name. "Standard User" when left out, if there is a profile of that name.
             */
            Profile?: string | null;
            /**
             * Profile ID
             * @description Instead of Profile.
             */
            ProfileId?: string | null;
            /** Admin Info Emails */
            ReceivesAdminInfoEmails?: boolean | null;
            /** Info Emails */
            ReceivesInfoEmails?: boolean | null;
            /** Email Sender Address */
            SenderEmail?: string | null;
            /** Email Sender Name */
            SenderName?: string | null;
            /** Email Signature */
            Signature?: string | null;
            /** State/Province */
            State?: string | null;
            /** State/Province Code */
            StateCode?: string | null;
            /** Street */
            Street?: string | null;
            /** Suffix */
            Suffix?: string | null;
            /**
             * Time Zone
             * @description An IANA name such as Europe/Berlin. The organization’s when left out.
             */
            TimeZoneSidKey?: string | null;
            /** Title */
            Title?: string | null;
            /**
             * Username
             * @description In the form of an email address. Unique among the users that are not deleted; upper and lower case do not differ.
             */
            Username?: string | null;
            /** Role ID */
            UserRoleId?: string | null;
            /** User Type */
            readonly UserType?: string | null;
        } & {
            [key: string]: unknown;
        };
        /** @description Fields of the Salesforce User object and custom fields. What is left out stays; null clears. */
        UserChangeInput: {
            /** About Me */
            AboutMe?: string | null;
            /**
             * Alias
             * @description Made from the first letter of FirstName and from LastName when left out.
             */
            Alias?: string | null;
            /** City */
            City?: string | null;
            /**
             * Nickname
             * @description Made from Username when left out.
             */
            CommunityNickname?: string | null;
            /** Company Name */
            CompanyName?: string | null;
            /** Contact ID */
            ContactId?: string | null;
            /** Country */
            Country?: string | null;
            /** Country Code */
            CountryCode?: string | null;
            /**
             * Default Currency
             * @description An ISO 4217 code such as EUR.
             */
            DefaultCurrencyIsoCode?: string | null;
            /** Delegated Approver ID */
            DelegatedApproverId?: string | null;
            /** Department */
            Department?: string | null;
            /**
             * Chatter Email Highlights Frequency
             * @description Daily, weekly or never.
             * @enum {string|null}
             */
            DigestFrequency?: "D" | "W" | "N" | null;
            /** Division */
            Division?: string | null;
            /** Email */
            Email?: string | null;
            /**
             * Email Encoding
             * @description The organization’s when left out.
             * @enum {string|null}
             */
            EmailEncodingKey?: "UTF-8" | "ISO-8859-1" | "Shift_JIS" | "ISO-2022-JP" | "EUC-JP" | "ks_c_5601-1987" | "Big5" | "GB2312" | "Big5-HKSCS" | "x-SJIS_0213" | null;
            /** Employee Number */
            EmployeeNumber?: string | null;
            /** Extension */
            Extension?: string | null;
            /** Fax */
            Fax?: string | null;
            /**
             * SAML Federation ID
             * @description Unique among the users that are not deleted.
             */
            FederationIdentifier?: string | null;
            /** First Name */
            FirstName?: string | null;
            /** Allow Forecasting */
            ForecastEnabled?: boolean | null;
            /**
             * Active
             * @description true when left out. Turning it false deactivates the accounts.
             */
            IsActive?: boolean | null;
            /**
             * Language
             * @description Such as de. The organization’s when left out.
             */
            LanguageLocaleKey?: string | null;
            /** Last Name */
            LastName?: string | null;
            /**
             * Locale
             * @description Such as de_DE. The organization’s when left out.
             */
            LocaleSidKey?: string | null;
            /**
             * Manager
             * @description By Username.
             */
            Manager?: string | null;
            /**
             * Manager ID
             * @description Instead of Manager.
             */
            ManagerId?: string | null;
            /** Middle Name */
            MiddleName?: string | null;
            /** Mobile */
            MobilePhone?: string | null;
            /**
             * Permission Set Groups
             * @description Names, parted by semicolons in a text. The whole list: those left out of it are taken away.
             */
            PermissionSetGroups?: string[] | null;
            /**
             * Permission Sets
             * @description Names, parted by semicolons in a text. The whole list: those left out of it are taken away.
             */
            PermissionSets?: string[] | null;
            /** Phone */
            Phone?: string | null;
            /** Zip/Postal Code */
            PostalCode?: string | null;
            /**
             * Profile
             * @description By name. "Standard User" when left out, if there is a profile of that name.
             */
            Profile?: string | null;
            /**
             * Profile ID
             * @description Instead of Profile.
             */
            ProfileId?: string | null;
            /** Admin Info Emails */
            ReceivesAdminInfoEmails?: boolean | null;
            /** Info Emails */
            ReceivesInfoEmails?: boolean | null;
            /** Email Sender Address */
            SenderEmail?: string | null;
            /** Email Sender Name */
            SenderName?: string | null;
            /** Email Signature */
            Signature?: string | null;
            /** State/Province */
            State?: string | null;
            /** State/Province Code */
            StateCode?: string | null;
            /** Street */
            Street?: string | null;
            /** Suffix */
            Suffix?: string | null;
            /**
             * Time Zone
             * @description An IANA name such as Europe/Berlin. The organization’s when left out.
             */
            TimeZoneSidKey?: string | null;
            /** Title */
            Title?: string | null;
            /**
             * Username
             * @description In the form of an email address. Unique among the users that are not deleted; upper and lower case do not differ.
             */
            Username?: string | null;
            /** Role ID */
            UserRoleId?: string | null;
        } & {
            [key: string]: unknown;
        };
        UserField: {
            custom: boolean;
            label: string;
            length: number | null;
            name: string;
            note: string | null;
            picklistValues: string[] | null;
            readOnly: boolean;
            required: boolean;
            type: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
