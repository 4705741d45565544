namespace Chard.Emulator.Functions.Http;

/// <summary>Its presence among the services says that the app has called ConfigureFunctionsWebApplication.</summary>
internal sealed class AspNetCoreIntegration;
