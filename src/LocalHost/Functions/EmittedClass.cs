namespace Chard.LocalHost.Functions;

/// <summary>The class emitted for an app's functions, and the parameters of each of its methods, in the functions' order.</summary>
internal sealed record EmittedClass(Type Type, IReadOnlyList<EmittedParameter[]> Parameters);

/// <summary>One parameter of an emitted method.</summary>
internal sealed record EmittedParameter(string Name, ParameterRole Role);
