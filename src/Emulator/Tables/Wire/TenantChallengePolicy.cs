using Azure.Core;
using Azure.Core.Pipeline;

namespace Chard.Emulator.Tables.Wire;

/// <summary>Asks for tokens of the tenant that the service names in its challenge (<c>WWW-Authenticate: Bearer authorization_uri=https://login…/tenant/oauth2/authorize …</c>).</summary>
internal sealed class TenantChallengePolicy(TokenCredential credential, string scope) : BearerTokenAuthenticationPolicy(credential, scope)
{
    private readonly string[] scopes = [scope];
    private string tenant;

    protected override void AuthorizeRequest(HttpMessage message)
    {
        if (tenant is not null)
        {
            AuthenticateAndAuthorizeRequest(message, Context(message));
        }
    }

    protected override ValueTask AuthorizeRequestAsync(HttpMessage message)
        => tenant is null ? default : AuthenticateAndAuthorizeRequestAsync(message, Context(message));

    protected override bool AuthorizeRequestOnChallenge(HttpMessage message)
    {
        if (!LearnTenant(message))
        {
            return false;
        }

        AuthenticateAndAuthorizeRequest(message, Context(message));
        return true;
    }

    protected override async ValueTask<bool> AuthorizeRequestOnChallengeAsync(HttpMessage message)
    {
        if (!LearnTenant(message))
        {
            return false;
        }

        await AuthenticateAndAuthorizeRequestAsync(message, Context(message)).ConfigureAwait(false);
        return true;
    }

    private TokenRequestContext Context(HttpMessage message) => new(scopes, message.Request.ClientRequestId, tenantId: tenant);

    private bool LearnTenant(HttpMessage message)
    {
        if (tenant is not null || !message.Response.Headers.TryGetValue("WWW-Authenticate", out var challenge))
        {
            return false;
        }

        const string Parameter = "authorization_uri=";
        var start = challenge.IndexOf(Parameter, StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            return false;
        }

        var text = challenge[(start + Parameter.Length)..].TrimStart('"');
        var end = text.IndexOfAny([' ', ',', '"']);
        tenant = Uri.TryCreate(end < 0 ? text : text[..end], UriKind.Absolute, out var uri) && uri.Segments.Length > 1 ? uri.Segments[1].Trim('/') : null;
        return tenant is not null;
    }
}
