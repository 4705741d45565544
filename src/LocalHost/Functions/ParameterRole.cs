namespace Chard.LocalHost.Functions;

/// <summary>What a parameter of an emitted method brings.</summary>
internal enum ParameterRole
{
    /// <summary>A value for the worker, under the binding's name.</summary>
    Input,

    /// <summary>The HTTP request: the worker gets it by HTTP.</summary>
    HttpContext,

    /// <summary>A datum of the trigger, under its own name.</summary>
    Metadatum,

    /// <summary>All data of the trigger, and the means to write outputs.</summary>
    Binder,

    /// <summary>Which attempt this is.</summary>
    ExecutionContext,

    CancellationToken,
}
