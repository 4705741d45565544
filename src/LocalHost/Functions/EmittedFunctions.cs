using System.ComponentModel;

namespace Chard.LocalHost.Functions;

/// <summary>
/// Base of the class that is emitted for an app: a method a function, which hands its arguments on. Public because emitted code is outside
/// of this assembly.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class EmittedFunctions
{
    internal FunctionRunner? Runner { get; set; }

    /// <summary>Runs the function with that place among the app's functions.</summary>
    protected Task<object?> RunAsync(int function, object?[] arguments) => Runner!.RunAsync(function, arguments);
}
