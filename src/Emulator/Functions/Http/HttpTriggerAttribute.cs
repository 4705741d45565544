using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Which key a caller has to present.</summary>
public enum AuthorizationLevel
{
    Anonymous = 0,
    User = 1,

    /// <summary>A key of the function or of the host.</summary>
    Function = 2,

    /// <summary>A key of an extension.</summary>
    System = 3,

    /// <summary>The master key.</summary>
    Admin = 4,
}

/// <summary>Starts a function by an HTTP request.</summary>
public sealed class HttpTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>Any method, a function or host key.</summary>
    public HttpTriggerAttribute()
        : this(AuthorizationLevel.Function)
    {
    }

    /// <summary>These methods. The host asks for a function or host key, whatever <see cref="AuthLevel"/> says.</summary>
    public HttpTriggerAttribute(params string[] methods)
    {
        Methods = methods;
        IsLevelGiven = false;
    }

    public HttpTriggerAttribute(AuthorizationLevel authLevel)
    {
        AuthLevel = authLevel;
        IsLevelGiven = true;
    }

    public HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods)
    {
        AuthLevel = authLevel;
        Methods = methods;
        IsLevelGiven = true;
    }

    public string[]? Methods { get; }

    public AuthorizationLevel AuthLevel { get; }

    /// <summary>The route template under the route prefix; without one, the function's name.</summary>
    public string? Route { get; set; }

    /// <summary>Without a given level the generated metadata has none, and the host then applies Function.</summary>
    internal bool IsLevelGiven { get; }

    internal AuthorizationLevel EffectiveLevel => IsLevelGiven ? AuthLevel : AuthorizationLevel.Function;
}
