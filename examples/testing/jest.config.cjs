module.exports = {
  testEnvironment: 'jsdom',
  // Jest makes CommonJS of what it runs. Lockstep has ES modules alone, so that Babel has to see it, too.
  transformIgnorePatterns: ['/node_modules/(?!lockstep/)'],
  // The test utilities of Vue take what is for Node: Jest would give them what is for a classic script.
  testEnvironmentOptions: { customExportConditions: ['node', 'node-addons'] },
};
