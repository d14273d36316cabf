import { describe, expect, test } from '@jest/globals';
import {
  createVocabulary,
  DEFENDER_AV_STATUS,
  HEALTH_STATUS,
  ONBOARDING_STATUS,
  type ReadWord,
} from '../../src/machines/vocabulary.ts';
import { createLog } from '../../src/telemetry/log.ts';

function openVocabulary(): { word: ReadWord; logged: object[] } {
  const logged: object[] = [];
  const log = createLog('debug', { write: (line) => void logged.push(JSON.parse(line)) });
  return { word: createVocabulary(log), logged };
}

describe('a value of a list', () => {
  test.each([
    ['Active', HEALTH_STATUS, 'ACTIVE'],
    ['NoSensorDataImpairedCommunication', HEALTH_STATUS, 'NO_SENSOR_DATA_IMPAIRED_COMMUNICATION'],
    ['noSensorData', HEALTH_STATUS, 'NO_SENSOR_DATA'],
    ['onboarded', ONBOARDING_STATUS, 'ONBOARDED'],
    ['CANBEONBOARDED', ONBOARDING_STATUS, 'CAN_BE_ONBOARDED'],
    ['Can be onboarded', ONBOARDING_STATUS, 'CAN_BE_ONBOARDED'],
    ['insufficient_info', ONBOARDING_STATUS, 'INSUFFICIENT_INFO'],
    ['notReporting', DEFENDER_AV_STATUS, 'NOT_REPORTING'],
    ['Unknown', HEALTH_STATUS, 'UNKNOWN'],
  ])('is read whatever the casing: %s', (value, words, expected) => {
    const { word, logged } = openVocabulary();
    expect(word('property', words, value)).toBe(expected);
    expect(word('property', words, value)).toBe(expected);
    expect(logged).toEqual([]);
  });

  test.each([null, undefined, '', 7, true, {}, ['Active']])('is null for %p', (value) => {
    const { word, logged } = openVocabulary();
    expect(word('healthStatus', HEALTH_STATUS, value)).toBeNull();
    expect(logged).toEqual([]);
  });

  test.each(['Quarantined', 'Activé', 'Active!', 'Äctive', '???', '__proto__', 'constructor'])(
    'that the list does not have is UNKNOWN: %s',
    (value) => {
      const { word } = openVocabulary();
      expect(word('healthStatus', HEALTH_STATUS, value)).toBe('UNKNOWN');
    },
  );

  test('that the list does not have is logged once for each property and value', () => {
    const { word, logged } = openVocabulary();
    for (let times = 0; times < 3; times += 1) {
      word('healthStatus', HEALTH_STATUS, 'Quarantined');
      word('healthStatus', HEALTH_STATUS, 'Resting');
      word('onboardingStatus', ONBOARDING_STATUS, 'Quarantined');
    }
    expect(logged).toMatchObject([
      { level: 40, property: 'healthStatus', value: 'Quarantined' },
      { level: 40, property: 'healthStatus', value: 'Resting' },
      { level: 40, property: 'onboardingStatus', value: 'Quarantined' },
    ]);
  });

  test('is logged neither at length nor without end', () => {
    const { word, logged } = openVocabulary();
    word('healthStatus', HEALTH_STATUS, 'x'.repeat(10_000));
    expect(JSON.stringify(logged).length).toBeLessThan(300);
    for (let value = 0; value < 2_000; value += 1) word('healthStatus', HEALTH_STATUS, `v${value}`);
    expect(logged).toHaveLength(1_000);
  });
});
