using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Chard.Platform;

/// <summary>Who calls.</summary>
/// <param name="Role">What they may do; null for nothing.</param>
/// <param name="Name">Whose the work is that they start: a person, an app, or the key that was shown; null where nobody is asked.</param>
/// <param name="IsSigned">True of a person or an app that Entra knows: the name is theirs for sure.</param>
public sealed record Caller(Role? Role, string? Name, bool IsSigned = false)
{
    /// <summary>Header that the platform puts a signed-in caller's claims into, as JSON in base 64.</summary>
    public const string PrincipalHeader = "X-MS-CLIENT-PRINCIPAL";

    /// <summary>Header with a function key.</summary>
    public const string KeyHeader = "x-functions-key";

    // Query parameter with one.
    private const string KeyParameter = "code";

    private const int MaxName = 256;
    private const string ObjectId = "http://schemas.microsoft.com/identity/claims/objectidentifier";
    private const string RoleClaim = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";

    // What tells a person from another one that also reads well; then what does for sure: people may share a display name.
    private static readonly string[] NameClaims =
        ["preferred_username", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn", "upn", ObjectId, "oid", "appid", "azp"];

    /// <summary>Who showed nothing that tells who it is.</summary>
    public static Caller Unknown { get; } = new(null, null);

    /// <summary>Everybody, where nobody is asked.</summary>
    public static Caller Anybody { get; } = new(Platform.Role.Operator, null);

    /// <summary>The caller of a request; one that shows nothing is <see cref="Unknown"/>.</summary>
    public static Caller Of(HttpRequest request, AccessSettings access)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(access);
        if (!access.IsRequired)
        {
            return Anybody;
        }

        if (access.IsEntra && request.Headers[PrincipalHeader].ToString() is { Length: > 0 } principal)
        {
            return Signed(principal);
        }

        string key = request.Headers[KeyHeader].ToString() is { Length: > 0 } header ? header : request.Query[KeyParameter].ToString();
        return key.Length == 0 ? Unknown
            : access.RoleOf(key) is { } role ? new(role, $"key:{role.ToString().ToLowerInvariant()}")
            : new(null, "key");
    }

    /// <summary>The caller of the request that a function answers.</summary>
    public static Caller Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Items.TryGetValue(typeof(Caller), out object? found) && found is Caller caller ? caller : Unknown;
    }

    /// <summary>
    /// Whose the work is that the caller starts: their own, unless an operator says otherwise.
    /// </summary>
    /// <param name="given">Whose the request says it is; null if it does not say.</param>
    /// <param name="owner">Whose it is; null for nobody's.</param>
    /// <returns>False if it says somebody else and may not.</returns>
    public bool TryOwn(string? given, out string? owner)
    {
        owner = Role == Platform.Role.Operator ? given ?? Name : Name;
        return given is null || given == owner;
    }

    /// <summary>Who is on record for a decision: a caller who is known for sure, else whoever the request says.</summary>
    public string? SignatureOr(string? given) => IsSigned ? Name : given ?? Name;

    private static Caller Signed(string header)
    {
        try
        {
            using JsonDocument principal = JsonDocument.Parse(Convert.FromBase64String(header));
            string? roleType = principal.RootElement.TryGetProperty("role_typ", out JsonElement type) ? type.GetString() : null;
            var claims = principal.RootElement.GetProperty("claims").EnumerateArray()
                .Select(c => (Type: c.GetProperty("typ").GetString(), Value: c.GetProperty("val").GetString() ?? "")).ToArray();
            Role? role = claims
                .Where(c => c.Type is "roles" or RoleClaim || (roleType is not null && c.Type == roleType))
                .Select(c => Enum.GetValues<Role>().Cast<Role?>().FirstOrDefault(r => r.ToString() == c.Value))
                .Max();
            string? name = NameClaims
                .Select(n => claims.FirstOrDefault(c => c.Type == n).Value).FirstOrDefault(v => !string.IsNullOrEmpty(v));
            return new(role, name is { Length: > MaxName } ? name[..MaxName] : name ?? "signed-in", IsSigned: true);
        }
        catch (Exception e) when (e is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // It says who calls, and nothing else does: one that cannot be read is nobody.
            return Unknown;
        }
    }
}
