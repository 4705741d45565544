using System.Text;
using System.Text.Json;
using Chard.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Chard.Functions.Tests.Operations;

/// <summary>Who a caller is, by what the request shows and what the settings know.</summary>
public sealed class AccessSettingsTests
{
    private const string ReaderKey = "reader-reader-reader-reader-reader";
    private const string StarterKey = "starter-starter-starter-starter-st";
    private const string OperatorKey = "operator-operator-operator-operator";

    [Theory]
    [InlineData(ReaderKey, Role.Reader, "key:reader")]
    [InlineData(StarterKey, Role.Starter, "key:starter")]
    [InlineData(OperatorKey, Role.Operator, "key:operator")]
    [InlineData("of-the-host-and-of-no-role-of-the-app", null, "key")]
    [InlineData("reader-reader-reader-reader-reade", null, "key")]
    public void Caller_WithAKey_HasItsRole(string key, Role? role, string name)
    {
        AccessSettings access = Access();
        HttpRequest header = Request(), query = Request();
        header.Headers[Caller.KeyHeader] = key;
        query.QueryString = QueryString.Create("code", key);

        Assert.Equal(new Caller(role, name), Caller.Of(header, access));
        Assert.Equal(new Caller(role, name), Caller.Of(query, access));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("Reader", Role.Reader)]
    [InlineData("Starter Reader", Role.Starter)]
    [InlineData("Auditor Operator", Role.Operator)]
    [InlineData("operator", null)]
    [InlineData("2", null)]
    public void Caller_SignedIn_HasTheRoleOfEntra(string? roles, Role? role)
    {
        HttpRequest request = Request();
        request.Headers[Caller.PrincipalHeader] = Principal(
            [("name", "Ann"), ("preferred_username", "ann@example.org"), .. (roles?.Split(' ') ?? []).Select(r => ("roles", r))]);

        Assert.Equal(
            new Caller(role, "ann@example.org", IsSigned: true), Caller.Of(request, Access(("WEBSITE_AUTH_ENABLED", "True"))));
    }

    [Fact]
    public void Caller_SignedInAsAnApp_IsNamedByItsId()
    {
        HttpRequest request = Request();
        request.Headers[Caller.PrincipalHeader] = Principal([("roles", "Starter"), ("azp", "0f1e"), ("name", "shop")]);

        Assert.Equal("0f1e", Caller.Of(request, Access(("WEBSITE_AUTH_ENABLED", "true"))).Name);
    }

    /// <summary>Where the platform signs nobody in, anybody may send its header.</summary>
    [Fact]
    public void Caller_HeaderThatThePlatformDidNotSet_IsNobody()
    {
        HttpRequest request = Request();
        request.Headers[Caller.PrincipalHeader] = Principal([("roles", "Operator"), ("preferred_username", "eve")]);

        Assert.Equal(Caller.Unknown, Caller.Of(request, Access()));
        Assert.Equal(Caller.Unknown, Caller.Of(request, Access(("WEBSITE_AUTH_ENABLED", "False"))));
    }

    [Theory]
    [InlineData("not base 64")]
    [InlineData("bnVsbA==")]
    [InlineData("e30=")]
    [InlineData("eyJjbGFpbXMiOlt7fV19")]
    [InlineData("eyJjbGFpbXMiOiJ4In0=")]
    public void Caller_HeaderThatCannotBeRead_IsNobody(string header)
    {
        HttpRequest request = Request();
        request.Headers[Caller.PrincipalHeader] = header;

        Assert.Equal(Caller.Unknown, Caller.Of(request, Access(("WEBSITE_AUTH_ENABLED", "true"))));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("WEBSITE_SITE_NAME", true)]
    public void IsRequired_WithoutASetting_IsSoOnAzure(string? variable, bool required) =>
        Assert.Equal(required, new AccessSettings(Configuration([(variable ?? "none", "func")])).IsRequired);

    [Fact]
    public void CanAnybodyEnter_RequiredAndNoWayIn_IsFalse()
    {
        Assert.False(new AccessSettings(Configuration([("Chard:Access:Required", "true")])).CanAnybodyEnter);
        Assert.True(Access().CanAnybodyEnter);
    }

    [Theory]
    [InlineData("Chard:Access:Required", "yes", "Chard:Access:Required is 'yes'; it must be true or false.")]
    [InlineData("Chard:Access:ReaderKey", "short",
        "Chard:Access:ReaderKey has 5 characters; it must have 32 at least, at random.")]
    [InlineData("Chard:Access:StarterKey", "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/starter/)",
        "Chard:Access:StarterKey is a reference to Key Vault that the platform could not resolve, and anybody could guess it: give the "
            + "app's identity the role 'Key Vault Secrets User', and see that the secret exists.")]
    [InlineData("Chard:Access:ReaderKey", OperatorKey,
        "Chard:Access:OperatorKey is Chard:Access:ReaderKey as well; each role has a key of its own.")]
    public void Settings_ThatCannotBe_AreRefused(string key, string value, string refusal) =>
        Assert.Equal(refusal, Assert.Throws<InvalidOperationException>(() => Access((key, value))).Message);

    [Theory]
    [InlineData(Role.Operator, "me", null, true, "me")]
    [InlineData(Role.Operator, "me", "ann", true, "ann")]
    [InlineData(Role.Operator, null, "ann", true, "ann")]
    [InlineData(Role.Operator, null, null, true, null)]
    [InlineData(Role.Starter, "me", null, true, "me")]
    [InlineData(Role.Starter, "me", "me", true, "me")]
    [InlineData(Role.Starter, "me", "ann", false, "me")]
    public void Owner_IsTheCallersUnlessAnOperatorSaysOtherwise(Role role, string? name, string? given, bool may, string? owner)
    {
        Assert.Equal(may, new Caller(role, name).TryOwn(given, out string? its));
        Assert.Equal(owner, its);
    }

    private static string Principal((string Type, string Value)[] claims) => Convert.ToBase64String(Encoding.UTF8.GetBytes(
        JsonSerializer.Serialize(new { auth_typ = "aad", claims = claims.Select(c => new { typ = c.Type, val = c.Value }) })));

    private static HttpRequest Request() => new DefaultHttpContext().Request;

    private static AccessSettings Access(params (string Key, string Value)[] more) => new(Configuration(
    [
        ("Chard:Access:Required", "true"), ("Chard:Access:ReaderKey", ReaderKey), ("Chard:Access:StarterKey", StarterKey),
        ("Chard:Access:OperatorKey", OperatorKey), .. more,
    ]));

    private static IConfiguration Configuration((string Key, string Value)[] settings)
    {
        var last = new Dictionary<string, string?>();
        foreach ((string key, string value) in settings)
        {
            last[key] = value;
        }

        return new ConfigurationBuilder().AddInMemoryCollection(last).Build();
    }
}
